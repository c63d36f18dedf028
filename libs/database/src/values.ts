/** PostgreSQL's text form to JavaScript, one table for both engines, so that neither can give a value its own way. */
import { Terminal } from '@pitcrew/errors'

type Parse = (text: string) => unknown

/** Object ids of pg_type.dat, which are the same in every PostgreSQL. */
const parsersByOid: Record<number, Parse> = {
  16: (text) => text === 't',
  17: parseBytes,
  20: parseInteger,
  21: Number,
  23: Number,
  26: Number,
  114: (text) => JSON.parse(text),
  700: Number,
  701: Number,
  1082: asText,
  1114: asText,
  1184: parseInstant,
  1700: Number,
  3802: (text) => JSON.parse(text),
}

/** Element type by array type, for the types above and the textual ones. */
export const elementOf: Record<number, number> = {
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1009: 25,
  1015: 1043,
  1016: 20,
  1021: 700,
  1022: 701,
  1115: 1114,
  1182: 1082,
  1185: 1184,
  1231: 1700,
  199: 114,
  2951: 2950,
  3807: 3802,
}

/** What is in no table stays PostgreSQL's text. */
export function parserFor(oid: number): Parse {
  return parsersByOid[oid] ?? asText
}

export const scalarParsers: Readonly<Record<number, Parse>> = parsersByOid

function asText(text: string): string {
  return text
}

function parseBytes(text: string): Uint8Array {
  return Buffer.from(text.slice(2), 'hex')
}

function parseInteger(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new Terminal(
    'NUMBER_OUT_OF_RANGE',
    `an int8 value does not fit a JavaScript number, expected at most 2^53 - 1`,
    {
      hint: 'select it as text',
    },
  )
}

/** `2026-01-31 08:00:00.5+00` of the ISO date style; `infinity` and `-infinity` stay words. */
function parseInstant(text: string): string {
  if (text.endsWith('infinity')) return text
  const instant = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  return instant.toISOString()
}
