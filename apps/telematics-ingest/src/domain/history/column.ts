/**
 * Numbers of one signal in few bytes, exactly (but -0, which becomes 0). The cheapest form that fits is taken:
 * decimals, as sensors give them: whole numbers of 10^-scale, the difference from one to the next as a zigzag varint, a run
 * of zeros as one; few distinct values (a byte scaled to percent, say): a table, and a byte for each; anything else: what
 * differs in bits from the one before, without the zero bytes at either end (after Gorilla, Pelkonen et al., VLDB 2015).
 */
import { fromHalves, halves, invalidChunk, type ByteReader, type ByteWriter } from './bytes.ts'

const forms = { table: 200, bits: 201 } as const
const greatestScale = 6
const powers = Array.from({ length: greatestScale + 1 }, (_, scale) => 10 ** scale)
/** Differences of two of these are still exact, and fit a zigzag varint. */
const greatestWhole = 2 ** 50

export function writeColumn(out: ByteWriter, values: readonly number[]): void {
  const scale = decimalScale(values)
  if (scale !== undefined) return writeDecimals(out, values, scale)
  const table = tableOf(values)
  if (table !== undefined) return writeTable(out, values, table)
  writeBits(out, values)
}

export function readColumn(from: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count)
  const form = from.byte()
  if (form === forms.table) readTable(from, values)
  else if (form === forms.bits) readBits(from, values)
  else if (form <= greatestScale) readDecimals(from, values, form)
  else throw invalidChunk(`form ${form} of a column is not known`)
  return values
}

function decimalScale(values: readonly number[]): number | undefined {
  let scale = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    while (!isWhole(value, powers[scale]!)) if (++scale > greatestScale) return undefined
  }
  // A greater scale may have made an earlier one too large, or inexact.
  for (const value of values) if (!isWhole(value, powers[scale]!)) return undefined
  return scale
}

function isWhole(value: number, power: number): boolean {
  const whole = Math.round(value * power)
  return whole / power === value && whole < greatestWhole && whole > -greatestWhole
}

function writeDecimals(out: ByteWriter, values: readonly number[], scale: number): void {
  out.byte(scale)
  const power = powers[scale]!
  let before = 0
  let zeros = 0
  for (let i = 0; i < values.length; i++) {
    const whole = Math.round(values[i]! * power)
    const difference = whole - before
    before = whole
    if (difference === 0) {
      zeros++
      continue
    }
    if (zeros > 0) writeZeros(out, zeros)
    zeros = 0
    out.zigzag(difference)
  }
  if (zeros > 0) writeZeros(out, zeros)
}

function writeZeros(out: ByteWriter, zeros: number): void {
  out.byte(0)
  out.varint(zeros)
}

function readDecimals(from: ByteReader, values: Float64Array, scale: number): void {
  const power = powers[scale]!
  let whole = 0
  for (let i = 0; i < values.length;) {
    const difference = from.zigzag()
    let times = 1
    if (difference === 0) times = from.varint()
    if (times === 0 || times > values.length - i) throw invalidChunk('a run does not fit its column')
    whole += difference
    values.fill(whole / power, i, i + times)
    i += times
  }
}

/** Undefined when it would not pay. */
function tableOf(values: readonly number[]): Map<number, number> | undefined {
  const most = Math.min(256, values.length >> 1)
  const table = new Map<number, number>()
  for (const value of values) {
    if (table.has(value)) continue
    if (table.size === most) return undefined
    table.set(value, table.size)
  }
  return table
}

function writeTable(out: ByteWriter, values: readonly number[], table: ReadonlyMap<number, number>): void {
  out.byte(forms.table)
  out.byte(table.size - 1)
  for (const value of table.keys()) out.float(value)
  for (const value of values) out.byte(table.get(value)!)
}

function readTable(from: ByteReader, values: Float64Array): void {
  const table = new Float64Array(from.byte() + 1)
  for (let i = 0; i < table.length; i++) table[i] = from.float()
  for (let i = 0; i < values.length; i++) {
    const index = from.byte()
    if (index >= table.length) throw invalidChunk('a value is not in the table of its column')
    values[i] = table[index]!
  }
}

/** Each: a byte with the zero bytes at the front (high nibble) and how many follow, then those. */
function writeBits(out: ByteWriter, values: readonly number[]): void {
  out.byte(forms.bits)
  let [beforeHigh, beforeLow] = [0, 0]
  const bytes = new Uint8Array(8)
  for (const value of values) {
    const [high, low] = halves(value)
    spread(bytes, (high ^ beforeHigh) >>> 0, (low ^ beforeLow) >>> 0)
    ;[beforeHigh, beforeLow] = [high, low]
    let front = 0
    while (front < 8 && bytes[front] === 0) front++
    let end = 8
    while (end > front && bytes[end - 1] === 0) end--
    out.byte((front << 4) | (end - front))
    for (let i = front; i < end; i++) out.byte(bytes[i]!)
  }
}

function readBits(from: ByteReader, values: Float64Array): void {
  let [high, low] = [0, 0]
  const bytes = new Uint8Array(8)
  for (let i = 0; i < values.length; i++) {
    const shape = from.byte()
    const [front, length] = [shape >> 4, shape & 0xf]
    if (front + length > 8) throw invalidChunk('a value is longer than 8 bytes')
    bytes.fill(0)
    bytes.set(from.take(length), front)
    high = (high ^ gathered(bytes, 0)) >>> 0
    low = (low ^ gathered(bytes, 4)) >>> 0
    values[i] = fromHalves(high, low)
  }
}

function spread(bytes: Uint8Array, high: number, low: number): void {
  for (let i = 0; i < 4; i++) {
    bytes[i] = high >>> (24 - 8 * i)
    bytes[4 + i] = low >>> (24 - 8 * i)
  }
}

const gathered = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
