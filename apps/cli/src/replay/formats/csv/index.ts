import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { stemOf } from '../../log-files.ts'
import { textOf, type Logs } from '../../log.ts'
import type { Format, ReadOptions } from '../format.ts'
import { readMapping } from './mapping.ts'
import { readCsv } from './read-csv.ts'

export const csv: Format = { files: /\.csv$/i, injectable: true, whenLong: 'refuse', read }

/** Throws Terminal BAD_USAGE, BAD_MAPPING, NOT_CSV, MISSING_COLUMN, FILE_NOT_FOUND. */
function read(file: string, { mapping, callerDir }: ReadOptions): Logs {
  if (mapping === undefined)
    throw new Terminal('BAD_USAGE', '--format csv needs --mapping FILE: expected what the columns mean', {
      hint: 'docs/guides/signals.md shows a mapping',
    })
  const path = resolve(callerDir, mapping)
  return readCsv(textOf(file), file, stemOf(file), readMapping(textOf(path), path))
}
