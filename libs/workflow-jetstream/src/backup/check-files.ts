/** Holds every file of a backup against its manifest: size and SHA-256. Reads all of it, in bounded memory. */
import { createHash } from 'node:crypto'
import { toFailure } from '@pitcrew/errors'
import type { BackupManifest } from './manifest.ts'
import type { BackupTarget, WrittenFile } from './target.ts'

export interface DamagedFile {
  path: string
  why: string
}

export async function checkFiles(
  target: BackupTarget,
  { files }: BackupManifest,
  onFile: (file: WrittenFile) => void = () => {},
): Promise<DamagedFile[]> {
  const damaged: DamagedFile[] = []
  for (const file of files) {
    const why = await differs(target, file)
    if (why !== undefined) damaged.push({ path: file.path, why })
    onFile(file)
  }
  return damaged
}

async function differs(target: BackupTarget, { path, bytes, sha256 }: WrittenFile): Promise<string | undefined> {
  const hash = createHash('sha256')
  let read = 0
  try {
    for await (const chunk of target.read(path)) {
      hash.update(chunk)
      read += chunk.length
    }
  } catch (error) {
    const failure = toFailure(error)
    if (failure.code === 'FILE_NOT_FOUND') return 'the file is not there'
    throw failure
  }
  if (read !== bytes) return `it has ${read} bytes, expected ${bytes}`
  return hash.digest('hex') === sha256 ? undefined : 'its content has changed: the SHA-256 differs'
}
