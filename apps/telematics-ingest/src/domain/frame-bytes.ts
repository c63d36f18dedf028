/**
 * An accepted frame as it goes into the stream. The generated encoder writes a length before each reading only after it has
 * written the reading, and the path of each anew: half of the time that a frame takes here. A path's bytes are always the same, so they are
 * kept, and only the value is written.
 *
 * A device sends the same signals in each frame: then all of them stand ready in one piece, and only the values are written.
 *
 * 1. The bytes are those of the generated encoder, to the last one.
 * 2. Paths are of the catalogue, so what is kept of them is bounded; of whole frames one layout is kept for each number of readings.
 */
import { telemetry } from '@pitcrew/contracts'

export interface FrameBytes {
  whole: Uint8Array
  /** Without vehicle and times. */
  content: Uint8Array
}

const longestPath = 110
const doubleBytes = 8

const heads = new Map<string, Buffer>()
let scratch = Buffer.allocUnsafe(64 * 1024)
let view = viewOf(scratch)

export function frameBytes(frame: telemetry.Frame): FrameBytes {
  let at = writeString(0, 0x0a, frame.vehicleId)
  at = writeVarint(at, 0x10, frame.deviceTimeMs)
  at = writeVarint(at, 0x18, frame.receivedTimeMs)
  const contentAt = at
  at = writeReadings(at, frame.readings)
  const { dtcs, hasDtcs, faults } = frame
  if (hasDtcs || dtcs.length > 0 || faults.length > 0) {
    const codes = telemetry.Frame.encode({ ...telemetry.Frame.create(), dtcs, hasDtcs, faults }).finish()
    room(at, codes.length)
    scratch.set(codes, at)
    at += codes.length
  }
  const whole = Buffer.allocUnsafe(at)
  scratch.copy(whole, 0, 0, at)
  return { whole, content: whole.subarray(contentAt) }
}

/** The readings of a frame as they were last written. */
interface Layout {
  paths: string[]
  bytes: Uint8Array
  valuesAt: number[]
  /** How often in succession it did not fit. */
  misses: number
}

const longestLayout = 128
const mostMisses = 8
const layouts = new Map<number, Layout>()

function writeReadings(at: number, readings: readonly telemetry.Reading[]): number {
  const layout = layouts.get(readings.length)
  if (layout !== undefined && writeByLayout(at, readings, layout)) {
    layout.misses = 0
    return at + layout.bytes.length
  }
  let end = at
  for (const { path, value } of readings) end = writeReading(end, path, value)
  if (readings.length <= longestLayout && (layout === undefined || ++layout.misses > mostMisses))
    keepLayout(readings, scratch.subarray(at, end))
  return end
}

function writeByLayout(at: number, readings: readonly telemetry.Reading[], layout: Layout): boolean {
  const { paths, bytes, valuesAt } = layout
  room(at, bytes.length)
  scratch.set(bytes, at)
  for (let i = 0; i < paths.length; i++) {
    const { path, value } = readings[i]!
    if (value === 0 || path !== paths[i]) return false
    view.setFloat64(at + valuesAt[i]!, value, true)
  }
  return true
}

function keepLayout(readings: readonly telemetry.Reading[], bytes: Uint8Array): void {
  if (readings.some(({ path, value }) => value === 0 || path.length > longestPath)) return
  const valuesAt: number[] = []
  let at = 0
  for (const { path } of readings) {
    at += heads.get(path)!.length
    valuesAt.push(at)
    at += doubleBytes
  }
  layouts.set(readings.length, {
    paths: readings.map(({ path }) => path),
    bytes: Uint8Array.from(bytes),
    valuesAt,
    misses: 0,
  })
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

function writeReading(at: number, path: string, value: number): number {
  // Zero is what a reader takes for a value that is not there.
  if (path.length > longestPath || value === 0) return writeByGenerated(at, path, value)
  const head = heads.get(path) ?? headOf(path)
  room(at, head.length + doubleBytes)
  head.copy(scratch, at)
  view.setFloat64(at + head.length, value, true)
  return at + head.length + doubleBytes
}

function headOf(path: string): Buffer {
  const text = Buffer.from(path)
  const head = Buffer.from([0x22, 2 + text.length + 1 + doubleBytes, 0x0a, text.length, ...text, 0x11])
  heads.set(path, head)
  return head
}

function writeByGenerated(at: number, path: string, value: number): number {
  const bytes = telemetry.Frame.encode({ ...telemetry.Frame.create(), readings: [{ path, value }] }).finish()
  room(at, bytes.length)
  scratch.set(bytes, at)
  return at + bytes.length
}

/** Of at most 127 bytes: vehicle ids have 64. */
function writeString(at: number, tag: number, text: string): number {
  if (text === '') return at
  room(at, 2 + text.length)
  scratch[at] = tag
  scratch[at + 1] = text.length
  return at + 2 + scratch.write(text, at + 2, 'latin1')
}

/** Seven bits at a time, lowest first; times are larger than what shifts can hold. */
function writeVarint(at: number, tag: number, value: number): number {
  if (value === 0) return at
  room(at, 11)
  scratch[at++] = tag
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) scratch[at++] = (rest % 0x80) | 0x80
  scratch[at++] = rest
  return at
}

function room(at: number, more: number): void {
  if (at + more <= scratch.length) return
  const larger = Buffer.allocUnsafe(2 * (at + more))
  scratch.copy(larger, 0, 0, at)
  scratch = larger
  view = viewOf(larger)
}
