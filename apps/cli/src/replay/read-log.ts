import { readFileSync } from 'node:fs'
import { Terminal } from '@pitcrew/errors'
import type { SignalFrame } from '@pitcrew/signals'
import { carobdRows } from '@pitcrew/simulator'

export interface BadRow {
  file: string
  line: number
  code: string
  message: string
}

export interface Log {
  file: string
  /** Times begin at 0; never falling. */
  frames: SignalFrame[]
  badRows: BadRow[]
  durationMs: number
}

/** Throws Terminal NOT_CAROBD, NO_READINGS, FILE_NOT_FOUND. */
export function readLog(file: string): Log {
  const frames: SignalFrame[] = []
  const badRows: BadRow[] = []
  for (const row of carobdRows(textOf(file), { startMs: 0 })) {
    switch (row.kind) {
      case 'frame':
        frames.push(row.frame)
        break
      case 'rejected':
        badRows.push({ file, line: row.line, code: row.code, message: row.message })
        break
      case 'blank':
        break
    }
  }
  if (frames.length === 0) {
    throw new Terminal('NOT_CAROBD', `${file} holds no readings: expected rows below the header`, {
      hint: 'is it a whole log?',
    })
  }
  return { file, frames, badRows, durationMs: frames.at(-1)!.timeMs }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Terminal('FILE_NOT_FOUND', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: 'is it yours to read?',
    })
  }
}
