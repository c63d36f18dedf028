/**
 * SAE J1979 responses as the ECU sends them: service + 0x40, then its data. Services 01 (current data), 03, 07 and 0A
 * (confirmed, pending, permanent codes) are read; negative responses (7F) and other services are told apart.
 *
 * Invariants:
 * 1. Nothing is thrown, and no byte past the end is read as a value.
 * 2. A response is read PID after PID until one is unknown or cut short: what follows has no certain start, and is refused.
 */
import type { Decoded } from '../raw-measurement.ts'
import { decodeDtcs, dtcServices } from './decode-dtcs.ts'
import { hexByte, hexBytes } from './hex.ts'
import { lengthOfPid, measurementsOfPid } from './pid-table.ts'

export interface ObdFraming {
  /** Whether codes are preceded by their count, as ISO 15765-4 (CAN) has it; absent when the link is not known. */
  countByte?: boolean
}

export function decodeObd(bytes: Uint8Array, framing: ObdFraming = {}): Decoded {
  const result: Decoded = { readings: [], faults: [], refusals: [], hasDtcs: false }
  const service = bytes[0]
  if (service === undefined) return refuse(result, bytes, 'EMPTY_RESPONSE', 'the response has no bytes')
  if (service === 0x41) readCurrentValues(bytes, result)
  else if (dtcServices.has(service)) readCodes(bytes, framing, result)
  else if (service === 0x7f) readNegative(bytes, result)
  else
    refuse(
      result,
      bytes,
      'UNSUPPORTED_SERVICE',
      `response starts with ${hexByte(service)}: expected 41, 43, 47, 4A or 7F`,
    )
  return result
}

function readCurrentValues(bytes: Uint8Array, result: Decoded): void {
  if (bytes.length < 2) refuse(result, bytes, 'TRUNCATED', 'a service 01 response ends before its PID')
  for (let at = 1; at < bytes.length;) {
    const pid = bytes[at]!
    // Padding to the end of the frame; PID 00 with its four bytes can only stand first.
    if (at > 1 && isPadding(bytes, at)) return
    const length = lengthOfPid(pid)
    if (length === undefined) {
      refuse(result, bytes, 'UNKNOWN_PID', `PID ${hexByte(pid)} is not in the table, nor is what follows it readable`)
      return
    }
    const available = bytes.length - at - 1
    if (available < length) {
      refuse(result, bytes, 'TRUNCATED', `PID ${hexByte(pid)} has ${available} data bytes: expected ${length}`)
      return
    }
    for (const measured of measurementsOfPid(pid, bytes, at + 1)) result.readings.push(measured)
    at += 1 + length
  }
}

/** Bytes that transports fill a frame with: all 00, 55, AA, CC or FF up to the end. */
function isPadding(bytes: Uint8Array, from: number): boolean {
  const filler = bytes[from]!
  if (filler !== 0x00 && filler !== 0x55 && filler !== 0xaa && filler !== 0xcc && filler !== 0xff) return false
  for (let at = from + 1; at < bytes.length; at++) if (bytes[at] !== filler) return false
  return true
}

function readCodes(bytes: Uint8Array, { countByte }: ObdFraming, result: Decoded): void {
  const status = dtcServices.get(bytes[0]!)!
  const read = decodeDtcs(bytes.subarray(1), countByte)
  if (!read.ok) {
    refuse(result, bytes, 'TRUNCATED', read.message)
    return
  }
  for (const code of read.codes) result.faults.push({ code, status, lamp: 'NONE', occurrences: 0 })
  result.hasDtcs = status === 'CONFIRMED'
}

/** ISO 14229 and SAE J1979: what an ECU answers instead. */
const negatives: Record<number, string> = {
  0x10: 'general reject',
  0x11: 'service not supported',
  0x12: 'sub-function not supported',
  0x13: 'incorrect message length',
  0x21: 'busy',
  0x22: 'conditions not correct',
  0x31: 'request out of range',
  0x33: 'security access denied',
}
const responsePending = 0x78

function readNegative(bytes: Uint8Array, result: Decoded): void {
  if (bytes[2] === responsePending) return
  const reason = negatives[bytes[2] ?? -1] ?? `reason ${hexByte(bytes[2])}`
  refuse(result, bytes, 'NEGATIVE_RESPONSE', `the ECU refused service ${hexByte(bytes[1])}: ${reason}`)
}

function refuse(result: Decoded, bytes: Uint8Array, code: string, message: string): Decoded {
  result.refusals.push({ name: `obd ${hexBytes(bytes, 8)}`.trim(), code, message })
  return result
}
