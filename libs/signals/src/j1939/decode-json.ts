/**
 * J1939 as gateways pass it on once they have decoded it:
 *
 *     { "pgn": 65262, "spns": [{ "spn": 110, "value": 91 }],
 *       "dm1": [{ "spn": 110, "fmi": 0, "oc": 3 }], "lamps": { "red": true } }
 *
 * Values are in the unit that the standard gives the SPN (celsius, kPa, rpm, ...). `pgn` may be left out, and must be right
 * where it stands. `dm1` is the sender's whole list, empty when no code is active. Lamps are `malfunction` (or `mil`), `red`,
 * `amber` and `protect`: true or 1 is lit.
 *
 * Invariants: nothing is thrown, whatever the value is; each entry is a reading, a code or a refusal.
 */
import type { FaultLamp } from '../raw-fault.ts'
import type { Decoded, RawRefusal } from '../raw-measurement.ts'
import { dm1Pgn, j1939Code } from './dm1.ts'
import { parseJ1939Code } from './fault-code.ts'
import { pgns } from './pgn-table.ts'
import type { Spn } from './spn.ts'

/** Where an SPN stands in several groups (none of them today does), the first one counts. */
const bySpn = new Map(pgns.flatMap(({ pgn, spns }) => spns.map((spn) => [spn.spn, { pgn, spn }] as const)))

/** More than one message can hold. */
const mostEntries = 512

export function decodeJ1939Json(message: unknown): Decoded {
  const result: Decoded = { readings: [], faults: [], refusals: [], hasDtcs: false }
  if (!isRecord(message)) {
    result.refusals.push(refusal('j1939', 'NOT_J1939_JSON', `${shown(message)}: expected an object with spns or dm1`))
    return result
  }
  readSpns(message, result)
  readDm1(message, result)
  return result
}

function readSpns({ pgn, spns }: Record<string, unknown>, result: Decoded): void {
  if (spns === undefined) return
  for (const entry of listOf(spns, 'spns', result)) {
    const { spn, value } = isRecord(entry) ? entry : {}
    const name = `SPN ${shown(spn)}`
    const known = typeof spn === 'number' ? bySpn.get(spn) : undefined
    // A gateway decodes all that its bus carries; what the catalogue has no signal for is no fault of it.
    if (!known && Number.isInteger(spn)) continue
    if (!known) result.refusals.push(refusal(name, 'NOT_J1939_JSON', `spn is ${shown(spn)}: expected a number`))
    else if (pgn !== undefined && pgn !== known.pgn)
      result.refusals.push(refusal(name, 'WRONG_PGN', `pgn is ${shown(pgn)}: expected ${known.pgn}`))
    else if (typeof value !== 'number' || !Number.isFinite(value)) {
      // null is how JSON writes "not available".
      if (value !== null)
        result.refusals.push(refusal(known.spn.path, 'NOT_A_NUMBER', `value is ${shown(value)}: expected a number`))
    } else result.readings.push({ path: known.spn.path, ...inPathsTerms(known.spn, value) })
  }
}

/** Brake lining is what is left of it in J1939 and what is worn in VSS; everything else is the same quantity. */
const inPathsTerms = ({ scale, unit }: Spn, value: number) => ({ value: scale < 0 ? 100 - value : value, unit })

function readDm1({ pgn, dm1, lamps }: Record<string, unknown>, result: Decoded): void {
  if (dm1 === undefined) return
  // A gateway that puts an empty list into each of its messages says nothing of codes with it.
  if (pgn !== undefined && pgn !== dm1Pgn && Array.isArray(dm1) && dm1.length === 0) return
  result.hasDtcs = Array.isArray(dm1)
  const lamp = lampOf(lamps)
  for (const entry of listOf(dm1, 'dm1', result)) {
    const { spn, fmi, oc = 0 } = isRecord(entry) ? entry : {}
    const code = j1939Code(Number(spn), Number(fmi))
    if (typeof spn !== 'number' || typeof fmi !== 'number' || !parseJ1939Code(code)) {
      const message = `spn is ${shown(spn)} and fmi ${shown(fmi)}: expected 1 to 524287 and 0 to 31`
      result.refusals.push(refusal('j1939 DM1', 'BAD_DTC', message))
      continue
    }
    const counted = typeof oc === 'number' && Number.isInteger(oc) && oc > 0 && oc < 127
    result.faults.push({ code, status: 'CONFIRMED', lamp, occurrences: counted ? oc : 0 })
  }
}

function lampOf(lamps: unknown): FaultLamp {
  if (!isRecord(lamps)) return 'NONE'
  const lit = (name: string) => lamps[name] === true || lamps[name] === 1
  if (lit('red')) return 'RED_STOP'
  if (lit('malfunction') || lit('mil')) return 'MALFUNCTION'
  if (lit('amber')) return 'AMBER_WARNING'
  return lit('protect') ? 'PROTECT' : 'NONE'
}

function listOf(value: unknown, name: string, result: Decoded): readonly unknown[] {
  if (!Array.isArray(value)) {
    result.refusals.push(refusal('j1939', 'NOT_J1939_JSON', `${name} is ${shown(value)}: expected a list`))
    return []
  }
  if (value.length > mostEntries)
    result.refusals.push(
      refusal('j1939', 'TOO_MANY_ENTRIES', `${name} has ${value.length} entries: at most ${mostEntries} are read`),
    )
  return value.slice(0, mostEntries)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refusal = (name: string, code: string, message: string): RawRefusal => ({ name, code, message })

/** As a person would write it in a message, never longer than a few words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 30))
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  if (value === undefined) return 'missing'
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
