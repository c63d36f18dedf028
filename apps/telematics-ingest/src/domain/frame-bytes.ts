/**
 * An accepted frame as it goes into the stream. The generated encoder writes a length before each reading only after it has
 * written the reading, and the path of each anew: half of the time that a frame takes here. A path's bytes are always the same, so they are
 * kept, and only the value is written.
 *
 * 1. The bytes are those of the generated encoder, to the last one.
 * 2. Paths are of the catalogue, so what is kept of them is bounded.
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

export function frameBytes(frame: telemetry.Frame): FrameBytes {
  let at = writeString(0, 0x0a, frame.vehicleId)
  at = writeVarint(at, 0x10, frame.deviceTimeMs)
  at = writeVarint(at, 0x18, frame.receivedTimeMs)
  const contentAt = at
  for (const { path, value } of frame.readings) at = writeReading(at, path, value)
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

function writeReading(at: number, path: string, value: number): number {
  // Zero is what a reader takes for a value that is not there.
  if (path.length > longestPath || value === 0) return writeByGenerated(at, path, value)
  const head = heads.get(path) ?? headOf(path)
  room(at, head.length + doubleBytes)
  head.copy(scratch, at)
  return scratch.writeDoubleLE(value, at + head.length)
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
}
