/**
 * What loggers write of an OBD session: hex of responses, with or without spaces, addresses and lengths, and the small talk of
 * an ELM327 in between (echoes, prompts, "SEARCHING...", "NO DATA").
 *
 *     41 05 7B                     addresses off
 *     7E8 03 41 05 7B              CAN, 11 bits: address, then the frame of ISO 15765-2
 *     18 DA F1 10 03 41 05 7B      CAN, 29 bits
 *     48 6B 10 41 05 7B C4         ISO 9141 and J1850: three bytes of header and a checksum
 *     83 F1 11 41 05 7B 46         ISO 14230: format, target, source, data, checksum
 *     00A / 0:490201314434 / 1:... a long response with addresses off: length, then numbered lines
 *
 * Invariants: no text throws; each line is part of a response, small talk, or an error with its number (from 1).
 */
import type { Decoded, RawRefusal } from '../raw-measurement.ts'
import { createIsoTp } from '../can/iso-tp.ts'
import { decodeObd, type ObdFraming } from './decode-obd.ts'
import { createNumberedLines } from './numbered-lines.ts'

export interface ObdResponse extends ObdFraming {
  /** Of the text, counted from 1: where the response ended. */
  line: number
  bytes: Uint8Array
}

export interface ObdLineError {
  line: number
  code: 'NOT_OBD' | 'NO_DATA' | 'BUS_ERROR' | 'INCOMPLETE_TRANSFER' | 'BAD_CHECKSUM'
  message: string
}

export interface ObdText {
  responses: ObdResponse[]
  errors: ObdLineError[]
}

/** What stands before a response on its line, or alone. */
const prelude = /^(searching\.*|bus ?init: ?\.*(ok)?)\s*/i
const smallTalk = /^(ok|elm327.*|at.*|st[a-z].*|\?)$/i
const noData = /^no ?data$/i
const busError =
  /^(unable to connect|stopped|can error|bus (error|busy)|buffer full|fb error|data error|<?rx error>?|lv reset|act alert|err\d\d)/i

/** Prompts, "SEARCHING..." and the echo of the request may stand before a response on its line. */
export function parseObdText(text: string): ObdText {
  const result: ObdText = { responses: [], errors: [] }
  const isoTp = createIsoTp()
  const numbered = createNumberedLines()
  let line = 0
  const fail = (code: ObdLineError['code'], message: string) => result.errors.push({ line, code, message })
  const lost = (refusals: RawRefusal[]) => {
    for (const { message } of refusals) fail('INCOMPLETE_TRANSFER', message)
  }
  const take = (bytes: Uint8Array, framing: ObdFraming = {}) => {
    const response = withoutEcho(bytes)
    if (response) result.responses.push({ line, bytes: response, ...framing })
  }
  for (const raw of text.split(/\r\n|\r|\n/)) {
    line++
    const words = raw.replaceAll(/[>\0]/g, ' ').trim().replace(prelude, '')
    if (words === '' || smallTalk.test(words)) continue
    if (noData.test(words)) fail('NO_DATA', 'the ECU did not answer')
    else if (busError.test(words)) fail('BUS_ERROR', `the adapter says "${words.slice(0, 40)}"`)
    else if (numbered.accepts(words)) {
      const step = numbered.accept(words)
      if (step.lost) fail('INCOMPLETE_TRANSFER', step.lost)
      if (step.message) take(step.message, { countByte: true })
    } else readHex(words)
  }
  lost(isoTp.end())
  const unfinished = numbered.end()
  if (unfinished) fail('INCOMPLETE_TRANSFER', unfinished)
  return result

  function readHex(words: string): void {
    const frame = frameOf(words)
    switch (frame.kind) {
      case 'none':
        return void fail('NOT_OBD', `the line is "${words.slice(0, 60)}": expected hex digits of a response`)
      case 'checksum':
        return void fail('BAD_CHECKSUM', `the line is "${words.slice(0, 60)}": its checksum does not fit`)
      case 'plain':
        return take(frame.bytes, frame.framing)
      case 'can': {
        const { message, refusals } = isoTp.accept({ id: frame.id, extended: frame.extended, data: frame.bytes })
        lost(refusals)
        return message ? take(message, { countByte: true }) : undefined
      }
      default:
        return frame satisfies never
    }
  }
}

/** The responses decoded one after the other; errors of the text become refusals that name their line. */
export function decodeObdText(text: string): Decoded {
  const { responses, errors } = parseObdText(text)
  const decoded: Decoded = { readings: [], faults: [], refusals: [], hasDtcs: false }
  for (const { bytes, countByte } of responses) {
    const one = decodeObd(bytes, countByte === undefined ? {} : { countByte })
    decoded.readings.push(...one.readings)
    decoded.faults.push(...one.faults)
    decoded.refusals.push(...one.refusals)
    decoded.hasDtcs ||= one.hasDtcs
  }
  for (const { line, code, message } of errors) decoded.refusals.push({ name: `line ${line}`, code, message })
  return decoded
}

/** A request has its service without 0x40, and ends where the answer to it begins, if that stands on the same line. */
function withoutEcho(bytes: Uint8Array): Uint8Array | undefined {
  const service = bytes[0] ?? 0
  if (service >= 0x40) return bytes
  const answers = (at: number) => bytes[at] === (service | 0x40) && (service !== 1 || bytes[at + 1] === bytes[1])
  const at = Array.from(bytes.keys()).find((index) => index > 0 && answers(index))
  return at === undefined ? undefined : bytes.subarray(at)
}

type Line =
  | { kind: 'plain'; bytes: Uint8Array; framing: ObdFraming }
  | { kind: 'can'; id: number; extended: boolean; bytes: Uint8Array }
  | { kind: 'checksum' }
  | { kind: 'none' }

/** The longest thing that stands on a line: a whole J1979 response with addresses off. */
const mostDigits = 600

function frameOf(words: string): Line {
  const digits = words.replaceAll(/[\s:]/g, '')
  if (digits.length > mostDigits || !/^[0-9A-Fa-f]+$/.test(digits)) return { kind: 'none' }
  // Three digits of address and whole bytes: the only form with an odd number of digits.
  if (/^7E[89A-F]/i.test(digits) && digits.length % 2 === 1)
    return {
      kind: 'can',
      id: Number.parseInt(digits.slice(0, 3), 16),
      extended: false,
      bytes: bytesOf(digits.slice(3)),
    }
  if (digits.length % 2 === 1) return { kind: 'none' }
  if (/^18DAF1/i.test(digits) && digits.length > 8)
    return { kind: 'can', id: Number.parseInt(digits.slice(0, 8), 16), extended: true, bytes: bytesOf(digits.slice(8)) }
  const bytes = bytesOf(digits)
  if (bytes[0] === 0x48 && bytes[1] === 0x6b) return withoutHeader(bytes)
  if (bytes[0]! >= 0x81 && bytes[0]! <= 0xbf && bytes[1] === 0xf1) return withoutHeader(bytes)
  return { kind: 'plain', bytes, framing: {} }
}

/** ISO 9141 and ISO 14230 end with the sum of all bytes before; J1850 with a CRC. */
function withoutHeader(bytes: Uint8Array): Line {
  const body = bytes.subarray(0, -1)
  const last = bytes.at(-1)!
  if (bytes.length < 5 || (sum8(body) !== last && crc8(body) !== last)) return { kind: 'checksum' }
  return { kind: 'plain', bytes: body.subarray(3), framing: { countByte: false } }
}

const sum8 = (bytes: Uint8Array): number => bytes.reduce((total, byte) => (total + byte) & 0xff, 0)

/** SAE J1850: x^8 + x^4 + x^3 + x^2 + 1, from FF, inverted. */
function crc8(bytes: Uint8Array): number {
  let crc = 0xff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x1d) & 0xff : crc << 1
  }
  return ~crc & 0xff
}

const bytesOf = (digits: string): Uint8Array =>
  Uint8Array.from({ length: digits.length / 2 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16))
