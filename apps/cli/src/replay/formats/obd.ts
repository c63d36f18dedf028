/**
 * What an OBD adapter said, line by line, with times: each line begins with "(seconds)" or a time of ISO 8601, and a line without
 * one belongs to the line above it. Ingest gets the responses as they were.
 *
 * A poll of several ECUs takes a moment, and a long response several lines: what was said within a second is one frame.
 */
import { Terminal } from '@pitcrew/errors'
import { parseObdText } from '@pitcrew/signals'
import type { DeviceFrame } from '../../api/ingest.ts'
import { stemOf } from '../log-files.ts'
import { logOf, textOf, type BadRow, type Logs } from '../log.ts'
import { readTime } from './csv/time.ts'
import type { Format } from './format.ts'

export const obd: Format = { files: /\.(log|obd|txt)$/i, injectable: false, whenLong: 'refuse', read }

const windowMs = 1_000
const timed = /^\s*(?:\((\d{1,12}(?:\.\d{1,9})?)\)|(\d{4}-\d{2}-\d{2}[T ][0-9:.,]{5,18}(?:Z|[+-]\d{2}:?\d{2})?))[\s,;]*/

interface Said {
  timeMs: number
  /** Of the file, from 1. */
  firstLine: number
  lines: string[]
}

/** Throws Terminal NOT_OBD, FILE_NOT_FOUND. */
function read(file: string): Logs {
  const badRows: BadRow[] = []
  const frames = saidIn(textOf(file), file, badRows).flatMap((said) => frameOf(said, file, badRows))
  if (frames.length === 0)
    throw new Terminal(
      'NOT_OBD',
      `${file} holds no response: ${badRows[0]?.message ?? 'expected lines such as "(12.5) 41 05 7B"'}`,
      {
        hint: 'does each line begin with its time? docs/guides/signals.md',
      },
    )
  return { logs: [logOf(file, stemOf(file), false, frames)], badRows }
}

function saidIn(text: string, file: string, badRows: BadRow[]): Said[] {
  const all: Said[] = []
  for (const [index, content] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1
    const [head, seconds, iso] = timed.exec(content) ?? []
    const timeMs = seconds === undefined ? iso && readTime(iso, 'iso') : Number(seconds) * 1_000
    const last = all.at(-1)
    const bad = (code: string, message: string) => void badRows.push({ file, line, code, message })
    if (typeof timeMs !== 'number') {
      if (last) last.lines.push(content)
      else if (content.trim() !== '') bad('NO_TIME', `the line is "${content.slice(0, 40)}": expected a time before it`)
    } else if (last && timeMs < last.timeMs) bad('TIME_GOES_BACK', 'the time is before that of the line above')
    else if (last && timeMs - last.timeMs < windowMs) last.lines.push(content.slice(head!.length))
    else all.push({ timeMs, firstLine: line, lines: [content.slice(head!.length)] })
  }
  return all
}

function frameOf({ timeMs, firstLine, lines }: Said, file: string, badRows: BadRow[]): DeviceFrame[] {
  const { responses, errors } = parseObdText(lines.join('\n'))
  for (const { line, code, message } of errors) badRows.push({ file, line: firstLine + line - 1, code, message })
  return responses.length === 0 ? [] : [{ timeMs, values: {}, obd: responses.map(({ bytes }) => bytes) }]
}
