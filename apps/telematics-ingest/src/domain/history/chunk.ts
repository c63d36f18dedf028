/**
 * Owns: how a table of times and sparse columns is laid out in bytes; the form of everything that history stores.
 *   form (1 plain, 2 deflated from here on) | rows | times | columns | each: id, bytes that follow, presence, values
 * 1. What is read is what was written: times are whole milliseconds, values any finite numbers.
 * 2. Rows keep their order; a column has a value for some of them.
 * 3. A chunk that was cut or altered gives HISTORY_CHUNK_INVALID or other numbers, and nothing else.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { ByteReader, ByteWriter, invalidChunk } from './bytes.ts'
import { readColumn, writeColumn } from './column.ts'

/** Values of some of the rows of a table: `rows` rises. */
export interface Column {
  rows: number[]
  values: number[]
}

export interface Table {
  timesMs: number[]
  columns: Map<number, Column>
}

/** A column as it was read. */
export interface StoredColumn {
  id: number
  rows: readonly number[] | undefined
  values: Float64Array
}

export interface StoredTable {
  timesMs: Float64Array
  columns: StoredColumn[]
}

const forms = { plain: 1, deflated: 2 } as const
const mostRows = 1_000_000
/** A deflated chunk of an hour has some 100 KB; one that grows beyond this is no chunk. */
const mostBytes = 64 * 1024 * 1024
const body = new ByteWriter()
const part = new ByteWriter()

export function encodeTable({ timesMs, columns }: Table, { deflate = false } = {}): Buffer {
  body.reset()
  body.byte(forms.plain)
  body.varint(timesMs.length)
  writeTimes(timesMs)
  body.varint(columns.size)
  for (const [id, column] of columns) {
    part.reset()
    writePresence(column.rows, timesMs.length)
    writeColumn(part, column.values)
    body.varint(id)
    body.varint(part.length)
    body.append(part.finish())
  }
  const plain = body.finish()
  return deflate
    ? Buffer.concat([Uint8Array.of(forms.deflated), deflateRawSync(plain.subarray(1), { level: 6 })])
    : plain
}

/** `wanted` says which columns are read at all; the others cost nothing. */
export function decodeTable(bytes: Uint8Array, wanted: (id: number) => boolean = () => true): StoredTable {
  const from = new ByteReader(plainOf(bytes))
  const rows = from.varint()
  if (rows > mostRows) throw invalidChunk(`it says that it has ${rows} rows`)
  const timesMs = readTimes(from, rows)
  const columns: StoredColumn[] = []
  for (let left = from.varint(); left > 0; left--) {
    const id = from.varint()
    const content = from.take(from.varint())
    if (wanted(id)) columns.push(readPart(id, new ByteReader(content), rows))
  }
  return { timesMs, columns }
}

function plainOf(bytes: Uint8Array): Uint8Array {
  switch (bytes[0]) {
    case forms.plain:
      return bytes.subarray(1)
    case forms.deflated:
      try {
        return inflateRawSync(bytes.subarray(1), { maxOutputLength: mostBytes })
      } catch (cause) {
        throw invalidChunk(Error.isError(cause) ? cause.message : 'it is not deflated')
      }
    default:
      throw invalidChunk(`its form is ${bytes[0]}`)
  }
}

/** The change of the distance from one to the next: 0 for a device that keeps its beat. */
function writeTimes(timesMs: readonly number[]): void {
  const changes: number[] = []
  let [before, distance] = [0, 0]
  for (const time of timesMs) {
    changes.push(time - before - distance)
    distance = time - before
    before = time
  }
  writeColumn(body, changes)
}

function readTimes(from: ByteReader, rows: number): Float64Array {
  const times = readColumn(from, rows)
  let [before, distance] = [0, 0]
  for (let i = 0; i < rows; i++) {
    distance += times[i]!
    before += distance
    times[i] = before
  }
  return times
}

function writePresence(rows: readonly number[], of: number): void {
  part.varint(rows.length)
  if (rows.length === of) return
  const bits = new Uint8Array(Math.ceil(of / 8))
  for (const row of rows) bits[row >> 3]! |= 1 << (row & 7)
  part.append(bits)
}

function readPart(id: number, from: ByteReader, rows: number): StoredColumn {
  const count = from.varint()
  if (count > rows) throw invalidChunk(`a column has ${count} values for ${rows} rows`)
  const present = count === rows ? undefined : readPresence(from, rows, count)
  return { id, rows: present, values: readColumn(from, count) }
}

function readPresence(from: ByteReader, rows: number, count: number): number[] {
  const bits = from.take(Math.ceil(rows / 8))
  const present: number[] = []
  for (let row = 0; row < rows; row++) if ((bits[row >> 3]! >> (row & 7)) & 1) present.push(row)
  if (present.length !== count) throw invalidChunk('the presence of a column does not fit its values')
  return present
}
