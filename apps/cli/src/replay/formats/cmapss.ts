/**
 * NASA C-MAPSS: each unit of the file is a vehicle, each cycle one frame of the turbofan overlay. The files count flights and
 * know no hours; a replay calls a cycle one hour.
 */
import { Terminal } from '@pitcrew/errors'
import { cmapssSignals, readCmapssUnits, type CmapssUnit } from '../../evaluate/cmapss/read-cmapss.ts'
import { stemOf } from '../log-files.ts'
import { logOf, textOf, type Log, type Logs } from '../log.ts'
import type { Format } from './format.ts'

const cycleMs = 3_600_000

/** Of a folder the test sets, which end at some time before the failure: train sets run into it. RUL files hold no cycles. */
export const cmapss: Format = { files: /^test_\w+\.txt$/i, injectable: false, whenLong: 'squeeze', read }

/** Throws Terminal DATA_SET_INCOMPLETE, which names the line, and FILE_NOT_FOUND. */
function read(file: string): Logs {
  const units = readCmapssUnits(textOf(file), file)
  if (units.length === 0)
    throw new Terminal('DATA_SET_INCOMPLETE', `${file} holds no cycles: expected 26 numbers in each line`, {
      hint: 'is it train_FD001.txt, or one like it?',
    })
  return { logs: units.map((unit) => logOfUnit(file, unit)), badRows: [] }
}

function logOfUnit(file: string, { unit, rows }: CmapssUnit): Log {
  const frames = rows.map(({ cycle, values }) => ({
    timeMs: cycle * cycleMs,
    values: Object.fromEntries(cmapssSignals.map((path, column) => [path, values[column]!])),
  }))
  return logOf(file, `${stemOf(file)}-${unit}`, false, frames)
}
