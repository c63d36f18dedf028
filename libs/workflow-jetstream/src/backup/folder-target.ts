/**
 * Backups as files. Readable by their owner alone, since they hold what customers said.
 *
 * 1. A file appears under its name only when it is whole and on the disk: written aside, synced, renamed, folder synced.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import type { BackupTarget, WrittenFile } from './target.ts'

export function folderTarget(folder: string): BackupTarget {
  const root = resolve(folder)
  const at = (path: string): string => inside(root, path)
  return {
    place: root,
    write: (path, content) => writeFile(at(path), path, content),
    read: (path) => readFile(at(path)),
    list: () => list(root),
    remove: async (path) => {
      await rm(at(path), { force: true })
      await removeEmpty(dirname(at(path)), root)
    },
    below: (name) => folderTarget(at(name)),
  }
}

/** A manifest is somebody's file: it may not lead out of its backup. */
function inside(root: string, path: string): string {
  const whole = resolve(root, path)
  if (whole.startsWith(root.endsWith(sep) ? root : root + sep)) return whole
  throw new Terminal('BAD_PATH', `"${path}" leads out of the backup, expected a path below it`)
}

async function writeFile(file: string, path: string, content: AsyncIterable<Uint8Array>): Promise<WrittenFile> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const aside = `${file}.part`
  const hash = createHash('sha256')
  let bytes = 0
  const handle = await open(aside, 'w', 0o600)
  try {
    for await (const chunk of content) {
      hash.update(chunk)
      bytes += chunk.length
      await writeWhole(handle, chunk)
    }
    await handle.sync()
  } catch (error) {
    await handle.close()
    await rm(aside, { force: true })
    throw error
  }
  await handle.close()
  await rename(aside, file)
  await syncFolder(dirname(file))
  return { path, bytes, sha256: hash.digest('hex') }
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await handle.write(chunk, done)
    done += bytesWritten
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function* readFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: 128 * 1024 }) as AsyncIterable<Buffer>
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    throw new Terminal('FILE_NOT_FOUND', `${file} is not there`, { cause: error })
  }
}

async function list(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
    return files.map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/')).sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function removeEmpty(folder: string, root: string): Promise<void> {
  if (!folder.startsWith(root)) return
  const left = await readdir(folder).catch(() => ['gone'])
  if (left.length > 0) return
  await rm(folder, { recursive: true })
  await removeEmpty(dirname(folder), root)
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
