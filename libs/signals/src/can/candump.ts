/**
 * Logs of candump (can-utils). Both of its formats are read:
 *
 *     (1436509052.249713) vcan0 18FEEE00#5AFFFFFFFFFFFFFF          candump -l: log file
 *     (1436509052.249713)  vcan0  18FEEE00   [8]  5A FF FF ...     candump -t a: for people; with or without the time
 *
 * An identifier of eight digits is extended, one of three is not. Invariants: no line throws; a line that is not of these is
 * an error with its number; remote and error frames carry no data and are left out.
 */
import { canRefusal, type CanFrame } from './can-frame.ts'

export interface CandumpFrame extends CanFrame {
  line: number
  /** Milliseconds as the log gives them (Unix time, or since the log began); undefined where it gives none. */
  timeMs: number | undefined
  channel: string
}

export type CandumpRow =
  | { kind: 'frame'; frame: CandumpFrame }
  | { kind: 'blank'; line: number }
  | { kind: 'rejected'; line: number; code: CandumpRejection; message: string }

export type CandumpRejection = 'NOT_CANDUMP' | 'BAD_CAN_FRAME'

const time = String.raw`(?:\((\d{1,12}(?:\.\d{1,9})?)\)\s+)?`
const channel = String.raw`([A-Za-z0-9_.-]{1,16})\s+`
const id = String.raw`([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})`
/** Newer versions put the direction behind. */
const direction = String.raw`(?:\s+[TR])?`
const logLine = new RegExp(`^${time}${channel}${id}#((?:[0-9A-Fa-f]{2}\\.?)*|R[0-8]?)${direction}$`)
const humanLine = new RegExp(
  `^${time}${channel}(?:[TR]X\\s+\\S{1,4}\\s+)?${id}\\s+\\[(\\d{1,2})\\]((?:\\s+[0-9A-Fa-f]{2})*|\\s+remote request)\\s*(?:'.*'|.*ERRORFRAME.*)?$`,
)

/** Bit 29 of a logged identifier: an error frame of the interface, not of the bus. */
const errorFlag = 0x20000000

/** One line; `line` counts from 1. */
export function readCandumpLine(text: string, line: number): CandumpRow {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.startsWith('#')) return { kind: 'blank', line }
  const match = trimmed.length > 400 ? null : (logLine.exec(trimmed) ?? humanLine.exec(trimmed))
  if (!match) {
    const message = `the line is "${trimmed.slice(0, 60)}": expected "(time) channel id#data" or "channel id [length] data"`
    return { kind: 'rejected', line, code: 'NOT_CANDUMP', message }
  }
  const [, seconds, name = '', digits = ''] = match
  const human = match.length === 6
  const payload = (human ? match[5] : match[4])!.replaceAll(/[\s.]/g, '')
  const number = Number.parseInt(digits, 16)
  if (/^(R|remote)/.test(payload) || (digits.length === 8 && (number & errorFlag) !== 0)) return { kind: 'blank', line }
  const data = bytesOf(payload)
  const frame = { id: number, extended: digits.length === 8, data }
  const refusal = canRefusal(frame)
  if (refusal) return { kind: 'rejected', line, code: 'BAD_CAN_FRAME', message: refusal.message }
  if (human && Number(match[4]) !== data.length) {
    const message = `the frame has ${data.length} bytes: expected the ${match[4]} that it announces`
    return { kind: 'rejected', line, code: 'BAD_CAN_FRAME', message }
  }
  // Whole microseconds, which is what the log has.
  const timeMs = seconds === undefined ? undefined : Math.round(Number(seconds) * 1e6) / 1_000
  return { kind: 'frame', frame: { ...frame, line, timeMs, channel: name } }
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16))

/** All lines of a log held as text. */
export function* candumpRows(text: string): Generator<CandumpRow> {
  let line = 0
  for (const one of text.split('\n')) yield readCandumpLine(one, ++line)
}
