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
export function mergeReadings(contents: readonly Uint8Array[]): Buffer {
  const stored = contents.map((content) => decodeTable(content))
  const order = stored
    .flatMap(({ timesMs }, chunk) => Array.from(timesMs, (timeMs, row) => ({ timeMs, chunk, row })))
    .sort((a, b) => a.timeMs - b.timeMs)
  const table: Table = { timesMs: order.map(({ timeMs }) => timeMs), columns: new Map() }
  const valueOf = stored.map(rowReaders)
  for (const id of [...new Set(valueOf.flatMap((readers) => [...readers.keys()]))].sort((a, b) => a - b)) {
    const column: Column = { rows: [], values: [] }
    for (const [row, from] of order.entries()) {
      const value = valueOf[from.chunk]!.get(id)?.[from.row]
      if (value === undefined || Number.isNaN(value)) continue
      column.rows.push(row)
      column.values.push(value)
    }
    table.columns.set(id, column)
  }
  return encodeTable(table, { deflate: true })
}

/** By column: the value of each row, NaN where there is none. */
function rowReaders({ timesMs, columns }: StoredTable): Map<number, Float64Array> {
  return new Map(
    columns.map(({ id, rows, values }) => {
      if (rows === undefined) return [id, values]
      const all = new Float64Array(timesMs.length).fill(NaN)
      for (let i = 0; i < values.length; i++) all[rows[i]!] = values[i]!
      return [id, all]
    }),
  )
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
