/** Readings as they are stored: a table with a row for each frame and a column for each signal. */
import { decodeTable, encodeTable, type Column, type StoredTable, type Table } from './chunk.ts'
import type { Buckets } from './bucket.ts'
import { hourMs, type Range } from './level.ts'

export interface TimedReadings {
  deviceTimeMs: number
  readings: readonly { path: string; value: number }[]
}

/** A vehicle's readings of one hour of device time, in the order in which they came. */
export interface Segment {
  vehicleId: string
  /** Hours since 1970. */
  hour: number
  readings: number
  content: Buffer
}

/** What came of some vehicles, a segment for each vehicle and hour. */
export function segmentsOf(
  frames: Iterable<TimedReadings & { vehicleId: string }>,
  signalOf: (path: string) => number,
): Segment[] {
  const byVehicle = new Map<string, Map<number, HourOfFrames>>()
  for (const frame of frames) {
    const hour = Math.floor(frame.deviceTimeMs / hourMs)
    let hours = byVehicle.get(frame.vehicleId)
    if (hours === undefined) byVehicle.set(frame.vehicleId, (hours = new Map()))
    let gathered = hours.get(hour)
    if (gathered === undefined) hours.set(hour, (gathered = new HourOfFrames(signalOf)))
    gathered.add(frame)
  }
  return [...byVehicle].flatMap(([vehicleId, hours]) =>
    [...hours].map(([hour, { table, readings }]) => ({ vehicleId, hour, readings, content: encodeTable(table) })),
  )
}

/** On the hot path: a device sends the same signals in the same order, so its last frame says which column comes next. */
class HourOfFrames {
  readonly table: Table = { timesMs: [], columns: new Map() }
  readings = 0
  readonly #signalOf: (path: string) => number
  readonly #byPath = new Map<string, Column>()
  #expected: { path: string; column: Column }[] = []

  constructor(signalOf: (path: string) => number) {
    this.#signalOf = signalOf
  }

  add({ deviceTimeMs, readings }: TimedReadings): void {
    const row = this.table.timesMs.push(deviceTimeMs) - 1
    this.readings += readings.length
    for (let i = 0; i < readings.length; i++) {
      const { path, value } = readings[i]!
      let next = this.#expected[i]
      if (next === undefined || next.path !== path) this.#expected[i] = next = { path, column: this.#columnOf(path) }
      // A frame names a path once; should it not, its last word counts, as a row has one value of a column.
      if (next.column.rows.at(-1) === row) next.column.values[next.column.values.length - 1] = value
      else {
        next.column.rows.push(row)
        next.column.values.push(value)
      }
    }
  }

  #columnOf(path: string): Column {
    const known = this.#byPath.get(path)
    if (known !== undefined) return known
    const column: Column = { rows: [], values: [] }
    this.#byPath.set(path, column)
    this.table.columns.set(this.#signalOf(path), column)
    return column
  }
}

/** Several chunks of a vehicle's hour as one, by device time; those with the same in the order in which they came. */
export function mergeReadings(contents: readonly Uint8Array[]): Table {
  const stored = contents.map((content) => decodeTable(content))
  const order = stored
    .flatMap(({ timesMs }, chunk) => Array.from(timesMs, (timeMs, row) => ({ timeMs, chunk, row })))
    .sort((a, b) => a.timeMs - b.timeMs)
  const table: Table = { timesMs: order.map(({ timeMs }) => timeMs), columns: new Map() }
  const byChunk = stored.map(valuesOfRows)
  for (const id of [...new Set(byChunk.flatMap((columns) => [...columns.keys()]))].sort((a, b) => a - b)) {
    const values = byChunk.map((columns) => columns.get(id))
    table.columns.set(id, columnOf(order, values))
  }
  return table
}

function columnOf(
  order: readonly { chunk: number; row: number }[],
  values: readonly (Float64Array | undefined)[],
): Column {
  const column: Column = { rows: [], values: [] }
  for (let row = 0; row < order.length; row++) {
    const from = order[row]!
    const value = values[from.chunk]?.[from.row]
    if (value === undefined || Number.isNaN(value)) continue
    column.rows.push(row)
    column.values.push(value)
  }
  return column
}

/** By column: the value of each row, NaN where there is none. */
function valuesOfRows({ timesMs, columns }: StoredTable): Map<number, Float64Array> {
  return new Map(
    columns.map(({ id, rows, values }) => {
      if (rows === undefined) return [id, values]
      const all = new Float64Array(timesMs.length).fill(NaN)
      for (let i = 0; i < values.length; i++) all[rows[i]!] = values[i]!
      return [id, all]
    }),
  )
}

/** Adds all of it to the buckets. */
export function addTable({ timesMs, columns }: Table, buckets: Buckets): void {
  for (const [id, { rows, values }] of columns)
    for (let i = 0; i < values.length; i++) buckets.add(id, timesMs[rows[i]!]!, values[i]!)
}

/** Adds what lies within the range to the buckets. */
export function addReadings(
  content: Uint8Array,
  { fromMs, toMs }: Range,
  wanted: (signal: number) => boolean,
  buckets: Buckets,
): void {
  const { timesMs, columns } = decodeTable(content, wanted)
  for (const { id, rows, values } of columns) {
    for (let i = 0; i < values.length; i++) {
      const timeMs = timesMs[rows ? rows[i]! : i]!
      if (timeMs >= fromMs && timeMs < toMs) buckets.add(id, timeMs, values[i]!)
    }
  }
}
