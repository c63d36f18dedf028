import { Terminal } from '@pitcrew/errors'
import { carobdRows } from '@pitcrew/simulator'
import type { DeviceFrame } from '../../api/ingest.ts'
import { stemOf } from '../log-files.ts'
import { logOf, textOf, type BadRow, type Logs } from '../log.ts'
import type { Format } from './format.ts'

export const carobd: Format = { files: /\.csv$/i, injectable: true, whenLong: 'refuse', read }

/** A reading that cannot be is told like a bad row; the rest of its row is sent. Throws Terminal NOT_CAROBD, FILE_NOT_FOUND. */
function read(file: string): Logs {
  const frames: DeviceFrame[] = []
  const badRows: BadRow[] = []
  for (const row of carobdRows(textOf(file), { startMs: 0 })) {
    switch (row.kind) {
      case 'frame':
        frames.push(row.frame)
        for (const refusal of row.refused) badRows.push({ file, line: row.line, ...refusal })
        break
      case 'rejected':
        badRows.push({ file, line: row.line, code: row.code, message: row.message })
        break
      case 'blank':
        break
    }
  }
  if (frames.length === 0)
    throw new Terminal('NOT_CAROBD', `${file} holds no readings: expected rows below the header`, {
      hint: 'is it a whole log?',
    })
  return { logs: [logOf(file, stemOf(file), false, frames)], badRows }
}
