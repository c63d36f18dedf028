/**
 * Raw frames from protobuf. Devices send the same few names again and again, and the generated decoder makes a new string of each,
 * whose hash is then computed anew at every look-up. Here a name that was met before is recognised by its bytes.
 *
 * Owns: the names met lately, one for each of `slots` places. Invariants:
 * 1. The answer is that of the generated decoder, errors too: what is not the plain form of readings and codes (an unknown field,
 *    bytes from the bus, text beyond ASCII, a length that does not fit) is left to it, the whole message.
 * 2. What is kept is bounded, and holds no part of a message that was read.
 */
import { telemetry } from '@pitcrew/contracts'

export function readPublishRequest(bytes: Buffer): telemetry.PublishRequest {
  const frames: telemetry.RawFrame[] = []
  return reading(bytes, () => framesIn(bytes, frames)) ? { frames } : telemetry.PublishRequest.decode(bytes)
}

export function readStreamRequest(bytes: Buffer): telemetry.StreamRequest {
  const request: telemetry.StreamRequest = { batch: 0, frames: [] }
  return reading(bytes, () => requestIn(bytes, request)) ? request : telemetry.StreamRequest.decode(bytes)
}

/** Where the reading stands: nothing here waits, so one message is read at a time. */
let at = 0
const none = new DataView(new ArrayBuffer(0))
let view: DataView = none

const odd = -1

function reading(bytes: Buffer, read: () => boolean): boolean {
  at = 0
  view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const plain = read()
  view = none
  return plain
}

function requestIn(bytes: Buffer, request: telemetry.StreamRequest): boolean {
  while (at < bytes.length) {
    const tag = bytes[at++]
    if (tag === 0x12) {
      if (!pushFrame(bytes, request.frames)) return false
      continue
    }
    if (tag !== 0x08) return false
    request.batch = varint(bytes, bytes.length)
    if (request.batch === odd) return false
  }
  return true
}

function framesIn(bytes: Buffer, frames: telemetry.RawFrame[]): boolean {
  while (at < bytes.length) if (bytes[at++] !== 0x0a || !pushFrame(bytes, frames)) return false
  return true
}

function pushFrame(bytes: Buffer, frames: telemetry.RawFrame[]): boolean {
  const end = endOfPart(bytes, bytes.length)
  if (end === odd) return false
  const frame = emptyFrame()
  if (!readFrame(bytes, end, frame)) return false
  frames.push(frame)
  return true
}

/** As the generated decoder begins. */
const emptyFrame = (): telemetry.RawFrame => ({
  vehicleId: '',
  deviceTimeMs: 0,
  readings: [],
  dtcs: [],
  hasDtcs: false,
  vssVersion: '',
  obd: [],
  can: [],
  faults: [],
})

function readFrame(bytes: Buffer, end: number, frame: telemetry.RawFrame): boolean {
  while (at < end) {
    switch (bytes[at++]) {
      case 0x0a: {
        const text = plainText(bytes, end)
        if (text === undefined) return false
        frame.vehicleId = text
        break
      }
      case 0x10:
        frame.deviceTimeMs = varint(bytes, end)
        if (frame.deviceTimeMs === odd) return false
        break
      case 0x1a: {
        const reading = readReading(bytes, endOfPart(bytes, end))
        if (reading === undefined) return false
        frame.readings.push(reading)
        break
      }
      case 0x22: {
        const code = knownText(bytes, end)
        if (code === undefined) return false
        frame.dtcs.push(code)
        break
      }
      case 0x28: {
        const flag = varint(bytes, end)
        if (flag > 1 || flag === odd) return false
        frame.hasDtcs = flag === 1
        break
      }
      case 0x32: {
        const version = knownText(bytes, end)
        if (version === undefined) return false
        frame.vssVersion = version
        break
      }
      default:
        return false
    }
  }
  return true
}

function readReading(bytes: Buffer, end: number): telemetry.RawReading | undefined {
  if (end === odd) return undefined
  let name: string | undefined = ''
  let value = 0
  let unit: string | undefined = ''
  while (at < end) {
    switch (bytes[at++]) {
      case 0x0a:
        name = knownText(bytes, end)
        if (name === undefined) return undefined
        break
      case 0x11:
        if (at + 8 > end) return undefined
        value = view.getFloat64(at, true)
        at += 8
        break
      case 0x1a:
        unit = knownText(bytes, end)
        if (unit === undefined) return undefined
        break
      default:
        return undefined
    }
  }
  return { name, value, unit }
}

/** Of at most 49 bits, which is more than a time takes. */
function varint(bytes: Buffer, end: number): number {
  let value = 0
  for (let place = 1; place < 2 ** 49; place *= 0x80) {
    if (at >= end) return odd
    const byte = bytes[at++]!
    value += (byte & 0x7f) * place
    if (byte < 0x80) return value
  }
  return odd
}

function endOfPart(bytes: Buffer, end: number): number {
  const length = varint(bytes, end)
  return length === odd || at + length > end ? odd : at + length
}

function plainText(bytes: Buffer, end: number): string | undefined {
  const to = endOfPart(bytes, end)
  if (to === odd) return undefined
  const from = at
  for (let i = from; i < to; i++) if (bytes[i]! >= 0x80) return undefined
  at = to
  return bytes.toString('latin1', from, to)
}

interface Known {
  bytes: Uint8Array
  text: string
}

const slots = 1_024
const longestKnown = 128
const known = new Array<Known | undefined>(slots)

/** ASCII, and the same string as last time. */
function knownText(bytes: Buffer, end: number): string | undefined {
  const lengthAt = at
  const to = endOfPart(bytes, end)
  if (to === odd) return undefined
  const from = at
  if (to === from) return ''
  // Paths begin alike: what tells them apart are their ends and their lengths.
  const slot = ((to - from) * 37 + bytes[to - 1]! * 7 + bytes[(from + to) >> 1]! * 131) & (slots - 1)
  const entry = known[slot]
  if (entry !== undefined && isThere(entry.bytes, bytes, from, to)) {
    at = to
    return entry.text
  }
  at = lengthAt
  const text = plainText(bytes, end)
  if (text !== undefined && to - from <= longestKnown)
    known[slot] = { bytes: Uint8Array.prototype.slice.call(bytes, from, to), text }
  return text
}

function isThere(wanted: Uint8Array, bytes: Buffer, from: number, to: number): boolean {
  if (wanted.length !== to - from) return false
  // The end first, where names differ.
  for (let i = wanted.length - 1; i >= 0; i--) if (wanted[i] !== bytes[from + i]) return false
  return true
}
