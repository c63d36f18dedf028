import type { Unit } from '../units.ts'

/** A suspect parameter of SAE J1939-71 that fills whole bytes. */
export interface Spn {
  spn: number
  /** First byte, counted from 1 as the standard does. */
  byte: number
  /** Bytes: 1, 2 or 4; the lowest first. */
  length: 1 | 2 | 4
  /** value = raw * scale + offset */
  scale: number
  offset: number
  unit: Unit
  path: string
}

export interface Pgn {
  pgn: number
  /** The standard's acronym. */
  name: string
  spns: readonly Spn[]
}

/**
 * The highest raw value that is a measurement: above lie the standard's indicators, FE.. for an error and FF.. for "not
 * available" among them (J1939-71, table 1).
 */
const highest = { 1: 0xfa, 2: 0xfaff, 4: 0xfaffffff } as const

/** The value in the SPN's unit; undefined where the message ends early, or says that there is none. */
export function valueOfSpn({ byte, length, scale, offset }: Spn, data: Uint8Array): number | undefined {
  const from = byte - 1
  if (from + length > data.length) return undefined
  let raw = 0
  for (let at = from + length - 1; at >= from; at--) raw = raw * 256 + data[at]!
  return raw > highest[length] ? undefined : raw * scale + offset
}
