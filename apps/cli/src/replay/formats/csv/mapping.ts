/**
 * What the columns of a CSV log mean, as the file of --mapping says:
 *
 *     {
 *       "time": { "column": "timestamp", "format": "iso" },
 *       "vehicle": { "column": "plate" },
 *       "signals": { "speed_mph": { "path": "Vehicle.Speed", "unit": "mph" } },
 *       "codes": { "column": "dtc" }
 *     }
 *
 * `format` is iso (a zone that is missing is UTC), or the unit that the times count in from anywhere: ms, s, min, h. `vehicle` is
 * a column, or `{ "id": "truck-7" }`; without it each file is a vehicle. An empty or missing `unit` is that of the path in
 * `vssVersion`, which is 6.0 unless said otherwise. `codes` and `delimiter` (one character) may be left out.
 */
import { Terminal } from '@pitcrew/errors'
import { convert, isVssVersion, parseUnit, pathOfPid, resolveSignal, vssVersions, type Unit } from '@pitcrew/signals'

const timeFormats = ['iso', 'ms', 's', 'min', 'h'] as const
export type TimeFormat = (typeof timeFormats)[number]

export interface MappedSignal {
  column: string
  /** Of the catalogue. */
  path: string
  from: Unit
}

export interface Mapping {
  time: { column: string; format: TimeFormat }
  vehicle: { kind: 'column'; column: string } | { kind: 'id'; id: string } | undefined
  signals: readonly MappedSignal[]
  codes: string | undefined
  delimiter: string
}

type Fields = Record<string, unknown>

/** Throws Terminal BAD_MAPPING, which names the key and says what is expected. `file` is for the message. */
export function readMapping(text: string, file: string): Mapping {
  const whole = fieldsOf(parse(text, file), 'the mapping', file)
  for (const key of Object.keys(whole))
    if (!['time', 'vehicle', 'signals', 'codes', 'delimiter', 'vssVersion'].includes(key))
      throw wrong(file, key, 'it is no key of a mapping', 'time, vehicle, signals, codes, delimiter or vssVersion')
  const version = textOr(whole.vssVersion, 'vssVersion', file, '')
  if (!isVssVersion(version))
    throw wrong(file, 'vssVersion', JSON.stringify(version), `one of ${vssVersions.join(', ')}`)
  const delimiter = textOr(whole.delimiter, 'delimiter', file, ',')
  if ([...delimiter].length !== 1 || /["\r\n]/.test(delimiter))
    throw wrong(file, 'delimiter', JSON.stringify(delimiter), 'one character')
  return {
    time: readTime(whole.time, file),
    vehicle: readVehicle(whole.vehicle, file),
    signals: readSignals(whole.signals, version, file),
    codes: whole.codes === undefined ? undefined : columnOf(whole.codes, 'codes', file),
    delimiter,
  }
}

function readTime(value: unknown, file: string): Mapping['time'] {
  const { format } = fieldsOf(value, 'time', file)
  const known = timeFormats.find((one) => one === format)
  if (!known) throw wrong(file, 'time.format', shown(format), timeFormats.join(', '))
  return { column: columnOf(value, 'time', file), format: known }
}

function readVehicle(value: unknown, file: string): Mapping['vehicle'] {
  if (value === undefined) return undefined
  const { id } = fieldsOf(value, 'vehicle', file)
  if (id === undefined) return { kind: 'column', column: columnOf(value, 'vehicle', file) }
  if (typeof id === 'string' && isVehicleId(id)) return { kind: 'id', id }
  throw wrong(file, 'vehicle.id', shown(id), '1 to 64 of A-Z a-z 0-9 . _ -')
}

export const isVehicleId = (text: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(text)

function readSignals(value: unknown, version: string, file: string): MappedSignal[] {
  const columns = Object.entries(fieldsOf(value, 'signals', file))
  if (columns.length === 0) throw wrong(file, 'signals', 'it is empty', 'a column, with path and unit')
  return columns.map(([column, entry]) => {
    const key = `signals.${column}`
    const fields = fieldsOf(entry, key, file)
    const name = textOr(fields.path, `${key}.path`, file, '')
    const resolved = resolveSignal(pathOfPid(name) ?? name, version)
    if (!resolved.ok)
      throw wrong(file, `${key}.path`, JSON.stringify(name), 'a VSS path of the catalogue, or a PID such as "0105"')
    const spelling = textOr(fields.unit, `${key}.unit`, file, '')
    const from = spelling === '' ? resolved.unit : parseUnit(spelling)
    const { path, unit: to } = resolved.signal
    if (from === undefined || convert(0, from, to) === undefined)
      throw wrong(file, `${key}.unit`, JSON.stringify(spelling), `a unit that converts to ${to}, as ${path} has it`)
    return { column, path, from }
  })
}

function columnOf(value: unknown, key: string, file: string): string {
  const { column } = fieldsOf(value, key, file)
  if (typeof column === 'string' && column !== '') return column
  throw wrong(file, `${key}.column`, shown(column), 'the name of a column')
}

function textOr(value: unknown, key: string, file: string, otherwise: string): string {
  if (value === undefined) return otherwise
  if (typeof value === 'string') return value
  throw wrong(file, key, shown(value), 'a text')
}

function fieldsOf(value: unknown, key: string, file: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw wrong(file, key, shown(value), 'an object')
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wrong(file, 'the mapping', (cause as Error).message, 'JSON')
  }
}

const shown = (value: unknown): string => (value === undefined ? 'missing' : (JSON.stringify(value) ?? '').slice(0, 60))

const wrong = (file: string, key: string, was: string, expected: string): Terminal =>
  new Terminal('BAD_MAPPING', `${file}: ${key}: ${was}: expected ${expected}`, {
    hint: 'docs/guides/signals.md shows a mapping',
  })
