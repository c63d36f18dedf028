/**
 * Reads logs of the carOBD logger (comma separated, one header line) into frames. Owns: the layout of the header, the
 * verdict on each row, and the clock.
 *
 * Invariants:
 * 1. No row throws. A row that cannot be trusted comes out as a rejection with its line number and reason.
 * 2. Times never go back, also over an engine restart.
 * 3. An empty cell is a reading that was not taken; the rest of its row stands.
 * 4. Every reading is within the plausible range of its signal: one that is not is left out of its row, and told.
 */
import { carobdColumn, checkReading, type CarobdColumn, type SignalFrame } from '@pitcrew/signals'
import { Terminal } from '@pitcrew/errors'
import { createRunTimeClock } from './run-time-clock.ts'

const runTimePath = 'Vehicle.OBD.RunTime'

export interface CarobdLayout {
  /** By position; undefined for a column that the logger does not define. */
  columns: (CarobdColumn | undefined)[]
}

export type CarobdRejection = 'TRUNCATED_ROW' | 'TOO_MANY_CELLS' | 'NOT_A_NUMBER'

/** A reading that cannot be, of a row that stands without it. */
export interface CarobdRefusal {
  code: string
  message: string
}

export type CarobdRow =
  | { kind: 'frame'; line: number; frame: SignalFrame; refused: CarobdRefusal[] }
  | { kind: 'rejected'; line: number; code: CarobdRejection; message: string }
  | { kind: 'blank'; line: number }

export interface CarobdOptions {
  /** Device time of the first row, Unix milliseconds. */
  startMs: number
}

/** The columns that a header line names. Throws Terminal NOT_CAROBD when it names none of the logger's. */
export function readCarobdHeader(header: string): CarobdLayout {
  const columns = header.split(',').map((cell) => carobdColumn(cell))
  if (columns.every((entry) => entry === undefined))
    throw new Terminal(
      'NOT_CAROBD',
      `first line is "${header.slice(0, 60)}": expected column names such as "ENGINE_RPM ()"`,
      {
        hint: 'Check that the file is a carOBD log, with its header line.',
      },
    )
  return { columns }
}

type Values = { values: Record<string, number>; refused: CarobdRefusal[] } | { code: CarobdRejection; message: string }

/** The readings of one row in the catalogue's units, or why the row is refused. */
export function readCarobdCells(layout: CarobdLayout, line: string): Values {
  const cells = line.split(',')
  const width = layout.columns.length
  if (cells.length < width)
    return { code: 'TRUNCATED_ROW', message: `row has ${cells.length} cells: expected ${width}, one for each column` }
  if (cells.slice(width).some((cell) => cell.trim() !== ''))
    return { code: 'TOO_MANY_CELLS', message: `row has ${cells.length} cells: expected ${width}, one for each column` }
  const values: Record<string, number> = {}
  const refused: CarobdRefusal[] = []
  for (let index = 0; index < width; index++) {
    const column = layout.columns[index]
    const text = cells[index]?.trim() ?? ''
    if (!column || text === '') continue
    const value = Number(text)
    if (!Number.isFinite(value))
      return {
        code: 'NOT_A_NUMBER',
        message: `cell ${index + 1} (${column.path}) is "${text.slice(0, 20)}": expected a number`,
      }
    const checked = checkReading(column.path, value, column.unit)
    if (checked.ok) values[checked.path] = checked.value
    else refused.push({ code: checked.code, message: checked.message })
  }
  return { values, refused }
}

/** A reader for one log: first the header, then one call for each further line, which is counted from 2. */
export function createCarobdReader(header: string, { startMs }: CarobdOptions): (line: string) => CarobdRow {
  const layout = readCarobdHeader(header)
  const clock = createRunTimeClock(startMs)
  let lineNumber = 1
  return (line) => {
    lineNumber++
    // The logger leaves NUL padding behind when the phone is switched off.
    const text = line.replaceAll('\0', '').trim()
    if (text === '') return { kind: 'blank', line: lineNumber }
    const read = readCarobdCells(layout, text)
    if ('code' in read) return { kind: 'rejected', line: lineNumber, ...read }
    const timeMs = clock(read.values[runTimePath])
    const { values, refused } = read
    return { kind: 'frame', line: lineNumber, frame: { timeMs, values, dtcs: [] }, refused }
  }
}

/** All rows of a log held as text. */
export function* carobdRows(text: string, options: CarobdOptions): Generator<CarobdRow> {
  const lines = text.split('\n')
  const read = createCarobdReader(lines[0] ?? '', options)
  for (let index = 1; index < lines.length; index++) yield read(lines[index] ?? '')
}
