/** What ./pitcrew train writes and ./pitcrew models register hands in: a card, whom the model serves, and the model. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ModelCard } from '@pitcrew/detection'
import { Terminal } from '@pitcrew/errors'

export interface Artefact {
  card: ModelCard
  /** As data-analysis reads it, by kind. */
  serves: Record<string, unknown>
  model: Record<string, unknown>
}

/** Grows with time, so that versions sort as they were trained. */
export const versionAt = (at: Date): string => at.toISOString().replaceAll(/[-:]|\.\d+/g, '')

/** Whole or not at all. Gives the path. Throws Terminal NOT_WRITABLE. */
export function writeArtefact(artefact: Artefact, out: string | undefined, dataDir: string): string {
  const { name, version } = artefact.card
  const file = out ?? join(dataDir, 'models', `${name}-${version}.json`)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${file}.part`, `${JSON.stringify(artefact)}\n`)
    renameSync(`${file}.part`, file)
  } catch (cause) {
    throw new Terminal('NOT_WRITABLE', `${file} cannot be written: ${(cause as Error).message}`, {
      cause,
      hint: '--out names another file',
    })
  }
  return file
}
