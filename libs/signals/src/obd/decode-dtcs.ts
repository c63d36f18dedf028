/**
 * Fault codes in J1979 services 03, 07 and 0A. SAE J2012: two bytes, the top two bits of which are the letter (P, C, B, U),
 * the next two the first digit and the rest three hex digits; 0000 fills up.
 *
 * On CAN (ISO 15765-4) a count stands before the codes; older links send frames of three codes without one. Where the link is
 * not known the length tells: count and codes are an odd number of bytes, codes alone an even one.
 */
import type { FaultStatus } from '../raw-fault.ts'

export const dtcServices: ReadonlyMap<number, FaultStatus> = new Map([
  [0x43, 'CONFIRMED'],
  [0x47, 'PENDING'],
  [0x4a, 'PERMANENT'],
])

const letters = ['P', 'C', 'B', 'U']

/** 0x0217 is P0217. */
export const dtcOfWord = (word: number): string =>
  `${letters[(word >> 14) & 3]}${(word >> 12) & 3}${(word & 0xfff).toString(16).toUpperCase().padStart(3, '0')}`

export type DecodedDtcs = { ok: true; codes: string[] } | { ok: false; message: string }

/** `data`: what follows the service byte. */
export function decodeDtcs(data: Uint8Array, countByte = data.length % 2 === 1): DecodedDtcs {
  if (data.length === 0) return { ok: false, message: 'the response ends before its codes: expected a count, or codes' }
  const from = countByte ? 1 : 0
  const counted = countByte ? data[0]! : Math.floor(data.length / 2)
  if (from + 2 * counted > data.length) {
    const present = Math.floor((data.length - from) / 2)
    return { ok: false, message: `the response announces ${counted} codes and holds ${present}: expected all of them` }
  }
  return { ok: true, codes: codesIn(data, from, from + 2 * counted, countByte) }
}

const fillers = [0x0000, 0x5555, 0xaaaa, 0xcccc, 0xffff]

function codesIn(data: Uint8Array, from: number, to: number, counted: boolean): string[] {
  let end = to
  const word = (at: number) => (data[at]! << 8) | data[at + 1]!
  if (!counted) while (end > from && fillers.includes(word(end - 2))) end -= 2
  const codes = new Set<string>()
  for (let at = from; at < end; at += 2) if (word(at) !== 0) codes.add(dtcOfWord(word(at)))
  return [...codes]
}
