/** Where backups go. A backup is a set of files under one name; `manifest.json` is written last and makes it one. */
export interface BackupTarget {
  /** For people: the folder, or the bucket and prefix. */
  readonly place: string
  /** Whole or not at all: a file that was not written to its end is not there. */
  write(path: string, content: AsyncIterable<Uint8Array>): Promise<WrittenFile>
  /** @throws Terminal FILE_NOT_FOUND */
  read(path: string): AsyncIterable<Uint8Array>
  /** Paths of all files, `/` between the parts. */
  list(): Promise<string[]>
  remove(path: string): Promise<void>
  /** The same place, one level down. */
  below(name: string): BackupTarget
}

export interface WrittenFile {
  path: string
  bytes: number
  /** Hexadecimal. */
  sha256: string
}

export async function readAll(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function* once(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content) : content
}
