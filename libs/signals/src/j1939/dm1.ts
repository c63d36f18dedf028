/**
 * SAE J1939-73 DM1, "active diagnostic trouble codes": two bytes of lamps, then four bytes a code: SPN (19 bits), FMI (5),
 * the conversion method and the occurrence count (7).
 *
 * Invariants:
 * 1. A code comes out only where its SPN is certain. With the conversion method bit set the SPN was packed in one of three
 *    older ways and the message does not say which: then only the one way that names an SPN of the table counts.
 * 2. SPN 0 is "no code", all ones is "not available".
 */
import type { FaultLamp, RawFault } from '../raw-fault.ts'
import type { Decoded } from '../raw-measurement.ts'
import { isKnownSpn } from './fault-spns.ts'

export const dm1Pgn = 65_226

/** "SPN110-FMI0" */
export const j1939Code = (spn: number, fmi: number): string => `SPN${spn}-FMI${fmi}`

const highestSpn = 0x7ffff
const unknownCount = 127

export function decodeDm1(data: Uint8Array): Decoded {
  const result: Decoded = { readings: [], faults: [], refusals: [], hasDtcs: true }
  if (data.length < 6) return { ...result, hasDtcs: false, refusals: [cutShort(data.length)] }
  const lamp = lampOf(data[0]!)
  for (let at = 2; at + 4 <= data.length; at += 4) {
    const code = readCode(data.subarray(at, at + 4), lamp)
    if (code === undefined) continue
    if ('code' in code) result.faults.push(code)
    else result.refusals.push({ name: 'j1939 DM1', code: 'UNKNOWN_CONVERSION', message: code.message })
  }
  const rest = (data.length - 2) % 4
  const padding = data.subarray(data.length - rest).every((byte) => byte === 0xff)
  if (rest !== 0 && !padding) result.refusals.push(cutShort(data.length))
  return result
}

const cutShort = (length: number) => ({
  name: 'j1939 DM1',
  code: 'TRUNCATED',
  message: `the message has ${length} bytes: expected two of lamps and four for each code`,
})

/** Two bits each: malfunction, red stop, amber warning, protect; 01 is lit. */
function lampOf(byte: number): FaultLamp {
  const lit = (shift: number) => ((byte >> shift) & 3) === 1
  if (lit(4)) return 'RED_STOP'
  if (lit(6)) return 'MALFUNCTION'
  if (lit(2)) return 'AMBER_WARNING'
  return lit(0) ? 'PROTECT' : 'NONE'
}

function readCode(bytes: Uint8Array, lamp: FaultLamp): RawFault | { message: string } | undefined {
  const [a, b, c, d] = bytes as unknown as [number, number, number, number]
  const fmi = c & 0x1f
  const spn = a | (b << 8) | ((c >> 5) << 16)
  if (spn === 0 || spn === highestSpn) return undefined
  const count = d & 0x7f
  const found = d >> 7 === 0 ? spn : olderSpn(a, b, c)
  if (found === undefined) return { message: `SPN ${spn} FMI ${fmi} is packed in an old way: expected version 4` }
  return {
    code: j1939Code(found, fmi),
    status: 'CONFIRMED',
    lamp,
    occurrences: count === unknownCount ? 0 : count,
  }
}

/** J1939-73, versions 1 to 3 of the conversion. */
function olderSpn(a: number, b: number, c: number): number | undefined {
  const low = c >> 5
  const readings = new Set([(a << 11) | (b << 3) | low, (b << 11) | (a << 3) | low, a | (b << 8) | (low << 16)])
  const known = [...readings].filter(isKnownSpn)
  return known.length === 1 ? known[0] : undefined
}
