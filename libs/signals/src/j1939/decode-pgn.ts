/** One whole J1939 message, wherever it was reassembled, as readings or codes. */
import type { Decoded } from '../raw-measurement.ts'
import { decodeDm1, dm1Pgn } from './dm1.ts'
import { parseJ1939Id } from './j1939-id.ts'
import { pgns } from './pgn-table.ts'
import { valueOfSpn } from './spn.ts'
import { readTyre, tyrePgn } from './tyre.ts'

const byPgn = new Map(pgns.map((entry) => [entry.pgn, entry]))

export const isReadPgn = (pgn: number): boolean => pgn === dm1Pgn || pgn === tyrePgn || byPgn.has(pgn)

/** A value that is not available, or an error, yields nothing: the ECU says so in every cycle. */
export function decodePgn(pgn: number, data: Uint8Array): Decoded {
  if (pgn === dm1Pgn) return decodeDm1(data)
  const result: Decoded = { readings: [], faults: [], refusals: [], hasDtcs: false }
  if (pgn === tyrePgn) result.readings.push(...readTyre(data))
  for (const spn of byPgn.get(pgn)?.spns ?? []) {
    const value = valueOfSpn(spn, data)
    if (value !== undefined) result.readings.push({ path: spn.path, value, unit: spn.unit })
  }
  return result
}

/** A single frame. Nothing for a PGN that is not in the table, or a packet of a longer message (see `readingsOfRaw`). */
export const decodeJ1939 = (id: number, data: Uint8Array): Decoded => decodePgn(parseJ1939Id(id).pgn, data)
