/**
 * A cluster that was just made, kept in a file to start others from: making one takes seconds of computing, copying it a
 * third of a second. Tests, which start a hundred of them, name the file in PITCREW_PGLITE_TEMPLATE; nothing else does.
 *
 * 1. The file is whole or not there: it is written beside and renamed, by whichever process was first.
 * 2. It holds what `initdb` made and nothing of anybody's: it is taken before the first statement.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'

/** Must name another file for every version of PGlite: a cluster is read only by the version that made it. */
export const templateFile = (env: Record<string, string | undefined> = process.env): string | undefined =>
  env.PITCREW_PGLITE_TEMPLATE || undefined

/** A blob around bytes would be read in thousands of pieces. */
class Tar extends Blob {
  readonly #file: string

  constructor(file: string) {
    super([])
    this.#file = file
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = readFileSync(this.#file)
    return byteLength === buffer.byteLength
      ? (buffer as ArrayBuffer)
      : (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength)
  }
}

export const readTemplate = (file: string): Blob | undefined => (existsSync(file) ? new Tar(file) : undefined)

export async function keepTemplate(file: string, made: PGlite): Promise<void> {
  const tar = await made.dumpDataDir('none')
  const draft = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(draft, new Uint8Array(await tar.arrayBuffer()))
  renameSync(draft, file)
}
