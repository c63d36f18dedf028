/**
 * The common reading in short: a name that was taken before, a value in the catalogue's unit and range. All else is for
 * `checkReading` to say.
 *
 * Owns: what names were taken. Invariants:
 * 1. What passes here is what `checkReading` would accept, with the same path and value.
 * 2. At most `most` names are kept, each of a signal of the catalogue.
 */
import { signal } from '@pitcrew/signals'

export interface PlainSignal {
  readonly path: string
  readonly unit: string
  readonly min: number
  readonly max: number
}

const most = 4_096
const byName = new Map<string, PlainSignal>()

/** The path, if the reading is plain. */
export function plainPath(name: string, value: number, unit: string): string | undefined {
  const known = byName.get(name)
  if (known === undefined || (unit !== '' && unit !== known.unit)) return undefined
  return typeof value === 'number' && value >= known.min && value <= known.max ? known.path : undefined
}

/** `name` was taken, as a reading of that path. */
export function rememberName(name: string, path: string): void {
  if (byName.size >= most || byName.has(name)) return
  const entry = signal(path)
  if (entry !== undefined && Number.isFinite(entry.max - entry.min)) byName.set(name, entry)
}
