import { readFileSync } from 'node:fs'
import { Terminal } from '@pitcrew/errors'
import type { DeviceFrame } from '../api/ingest.ts'

export interface BadRow {
  file: string
  line: number
  code: string
  message: string
}

/** What one vehicle did, as one file tells it. */
export interface Log {
  file: string
  /** What the vehicle is called: of the file's own, or after the file. */
  name: string
  /** Whether `name` is a vehicle's own id, that every run is to use, or only tells the logs of this run apart. */
  named: boolean
  /** Times begin at 0; never falling. */
  frames: DeviceFrame[]
  durationMs: number
}

export interface Logs {
  logs: Log[]
  badRows: BadRow[]
}

/** Frames of any times, in their order, as a log that begins at 0. */
export function logOf(file: string, name: string, named: boolean, frames: readonly DeviceFrame[]): Log {
  const startMs = frames[0]?.timeMs ?? 0
  const moved = frames.map((frame) => ({ ...frame, timeMs: Math.round(frame.timeMs - startMs) }))
  return { file, name, named, frames: moved, durationMs: moved.at(-1)?.timeMs ?? 0 }
}

/** Throws Terminal FILE_NOT_FOUND. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Terminal('FILE_NOT_FOUND', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: 'is it yours to read?',
    })
  }
}
