/**
 * Buckets as they are stored: a table with a row for each bucket and five columns for each signal. The mean is kept as a
 * float32: 24 bits of it, whatever the count.
 */
import { decodeTable, encodeTable, type Column, type Table } from './chunk.ts'
import type { Bucket, Buckets } from './bucket.ts'

const fields = ['count', 'min', 'max', 'mean', 'last'] as const
type Field = (typeof fields)[number]

const idOf = (signal: number, field: Field): number => signal * fields.length + fields.indexOf(field)
const signalOf = (id: number): number => Math.floor(id / fields.length)

const fieldOf = (bucket: Bucket, field: Field): number =>
  field === 'mean' ? Math.fround(bucket.sum / bucket.count) : bucket[field]

export function encodeRollup(buckets: Buckets): Buffer {
  const starts = new Set(buckets.signals.flatMap((signal) => buckets.of(signal).map(([start]) => start)))
  const timesMs = [...starts].sort((a, b) => a - b)
  const rowOf = new Map(timesMs.map((start, row) => [start, row]))
  const table: Table = { timesMs, columns: new Map<number, Column>() }
  for (const signal of buckets.signals.sort((a, b) => a - b)) {
    const found = buckets.of(signal)
    const rows = found.map(([start]) => rowOf.get(start)!)
    for (const field of fields)
      table.columns.set(idOf(signal, field), { rows, values: found.map(([, bucket]) => fieldOf(bucket, field)) })
  }
  return encodeTable(table, { deflate: true })
}

export type Rolled = Omit<Bucket, 'lastMs'>

/** Calls `take` for each bucket of a wanted signal, a signal's in the order of time. */
export function readRollup(
  content: Uint8Array,
  wanted: (signal: number) => boolean,
  take: (signal: number, startMs: number, bucket: Rolled) => void,
): void {
  const { timesMs, columns } = decodeTable(content, (id) => wanted(signalOf(id)))
  const byId = new Map(columns.map((column) => [column.id, column]))
  for (const { id, rows, values: counts } of columns) {
    const signal = signalOf(id)
    if (id !== idOf(signal, 'count')) continue
    const [min, max, mean, last] = fields.slice(1).map((field) => byId.get(idOf(signal, field))?.values)
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i]!
      const bucket = { count, min: min![i]!, max: max![i]!, sum: mean![i]! * count, last: last![i]! }
      take(signal, timesMs[rows ? rows[i]! : i]!, bucket)
    }
  }
}
