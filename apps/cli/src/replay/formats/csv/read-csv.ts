/**
 * CSV logs of anyone's making, with a mapping. Invariants:
 * 1. A header that lacks a mapped column is refused as a whole, with the columns that it has.
 * 2. A row is a frame of one vehicle, or a bad row that names its line, the column and what was expected. An empty cell is a
 *    reading that was not taken; one that is outside of its signal's range is left out and told, and its row stands.
 * 3. The times of a vehicle never fall: a row that goes back is a bad row.
 */
import { parse } from 'csv-parse/sync'
import { Terminal } from '@pitcrew/errors'
import { checkReading } from '@pitcrew/signals'
import type { DeviceFrame } from '../../../api/ingest.ts'
import { logOf, type BadRow, type Logs } from '../../log.ts'
import { isVehicleId, type Mapping, type MappedSignal } from './mapping.ts'
import { readTime } from './time.ts'

interface Columns {
  width: number
  time: number
  vehicle: number | undefined
  codes: number | undefined
  signals: readonly (MappedSignal & { index: number })[]
}

/** `name`: of the vehicle, when the mapping names none. Throws Terminal NOT_CSV, MISSING_COLUMN. */
export function readCsv(text: string, file: string, name: string, mapping: Mapping): Logs {
  const badRows: BadRow[] = []
  const [head, ...rows] = recordsOf(text, file, mapping.delimiter, badRows)
  if (head === undefined) throw new Terminal('NOT_CSV', `${file} is empty: expected a header and rows`, { hint })
  const columns = findColumns(head.cells, file, mapping)
  const framesOf = new Map<string, DeviceFrame[]>()
  for (const { cells, line } of rows) {
    const bad = (code: string, message: string) => void badRows.push({ file, line, code, message })
    const row = readRow(cells, columns, mapping, name)
    if ('code' in row) {
      bad(row.code, row.message)
      continue
    }
    const frames = framesOf.get(row.vehicle) ?? []
    const last = frames.at(-1)?.timeMs ?? -Infinity
    if (row.frame.timeMs < last) {
      const was = `column "${mapping.time.column}" is "${shorten(cells[columns.time])}"`
      bad('TIME_GOES_BACK', `${was}, before the row above it: expected rows of a vehicle in the order of their times`)
      continue
    }
    for (const { code, message } of row.refused) bad(code, message)
    frames.push(row.frame)
    framesOf.set(row.vehicle, frames)
  }
  if (framesOf.size === 0)
    throw new Terminal('NOT_CSV', `${file} holds no row that can be read: ${badRows[0]?.message ?? 'expected rows'}`, {
      hint,
    })
  const logs = Array.from(framesOf, ([vehicle, frames]) => logOf(file, vehicle, mapping.vehicle !== undefined, frames))
  return { logs, badRows: badRows.sort((a, b) => a.line - b.line) }
}

const hint = 'is the delimiter of the mapping that of the file?'

function recordsOf(text: string, file: string, delimiter: string, badRows: BadRow[]) {
  const found = parse(text, {
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      const line = (error as { lines?: number } | undefined)?.lines ?? 0
      badRows.push({ file, line, code: 'NOT_CSV', message: `${error?.message ?? 'the row'}: expected CSV (RFC 4180)` })
    },
  }) as unknown as { record: string[]; info: { lines: number } }[]
  return found.map(({ record, info }) => ({ cells: record, line: info.lines }))
}

function findColumns(head: readonly string[], file: string, mapping: Mapping): Columns {
  const names = head.map((cell) => cell.trim())
  const at = (column: string) => {
    const index = names.indexOf(column)
    if (index >= 0) return index
    const has = names.map((name) => `"${name}"`).join(', ')
    throw new Terminal('MISSING_COLUMN', `${file} has no column "${column}": it has ${has.slice(0, 400)}`, {
      hint: 'names in the mapping are those of the header, letter by letter',
    })
  }
  return {
    width: names.length,
    time: at(mapping.time.column),
    vehicle: mapping.vehicle?.kind === 'column' ? at(mapping.vehicle.column) : undefined,
    codes: mapping.codes === undefined ? undefined : at(mapping.codes),
    signals: mapping.signals.map((signal) => ({ ...signal, index: at(signal.column) })),
  }
}

interface Refused {
  code: string
  message: string
}

type Row = { vehicle: string; frame: DeviceFrame; refused: Refused[] } | Refused

function readRow(cells: readonly string[], columns: Columns, mapping: Mapping, name: string): Row {
  if (cells.length !== columns.width)
    return {
      code: 'WRONG_WIDTH',
      message: `the row has ${cells.length} cells: expected ${columns.width}, as the header`,
    }
  const timeMs = readTime(cells[columns.time]!, mapping.time.format)
  if (timeMs === undefined) return cell(mapping.time.column, cells[columns.time], `a time (${mapping.time.format})`)
  let vehicle = mapping.vehicle?.kind === 'id' ? mapping.vehicle.id : name
  if (mapping.vehicle?.kind === 'column') {
    vehicle = cells[columns.vehicle!]!.trim()
    if (!isVehicleId(vehicle)) return cell(mapping.vehicle.column, vehicle, '1 to 64 of A-Z a-z 0-9 . _ -')
  }
  const values: Record<string, number> = {}
  const refused: Refused[] = []
  for (const { index, column, path, from } of columns.signals) {
    const text = cells[index]!.trim()
    if (text === '') continue
    const value = Number(text)
    if (!Number.isFinite(value)) return { ...cell(column, text, `a number, in ${from}`), code: 'NOT_A_NUMBER' }
    const checked = checkReading(path, value, from)
    if (checked.ok) values[path] = checked.value
    else refused.push({ code: checked.code, message: `column "${column}" is "${shorten(text)}": ${checked.message}` })
  }
  if (columns.codes === undefined) return { vehicle, frame: { timeMs, values }, refused }
  const dtcs = cells[columns.codes]!.split(/[\s;|]+/).filter((code) => code !== '')
  return { vehicle, frame: { timeMs, values, dtcs }, refused }
}

const shorten = (text = ''): string => text.slice(0, 30)

const cell = (column: string, text: string | undefined, expected: string) => ({
  code: 'BAD_CELL',
  message: `column "${column}" is "${shorten(text)}": expected ${expected}`,
})
