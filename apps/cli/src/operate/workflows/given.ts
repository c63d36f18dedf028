/** What a person gives on the command line, read and checked. Each throws Terminal BAD_USAGE, or FILE_NOT_FOUND. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { callerDir } from '../../platform/checkout.ts'

const bad = (message: string, hint: string): Terminal => new Terminal('BAD_USAGE', message, { hint })

/** JSON itself, the file that holds it, or `-` for standard input. */
export function givenJson(text: string, option: string): unknown {
  const inline = parsed(text)
  if (inline.is) return inline.value
  const from = text === '-' ? 'standard input' : text
  const read = parsed(readAll(text, option))
  if (read.is) return read.value
  throw bad(`${option}: ${from} is not JSON: ${read.why}`, `give JSON, a file that holds it, or - for standard input`)
}

function readAll(file: string, option: string): string {
  try {
    return readFileSync(file === '-' ? 0 : resolve(callerDir(), file), 'utf8')
  } catch (cause) {
    throw new Terminal('FILE_NOT_FOUND', `${option}: "${file}" is neither JSON nor a file that can be read`, {
      cause,
      hint: `for example ${option} '{"name":"x"}', ${option} input.json, or ${option} -`,
    })
  }
}

type Parsed = { is: true; value: unknown } | { is: false; why: string }

function parsed(text: string): Parsed {
  try {
    return { is: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { is: false, why: (error as Error).message }
  }
}

/** `key=value` of each, the value read as JSON where it is some, else as text. */
export function givenPairs(pairs: readonly string[], option: string): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw bad(`${option} is "${pair}", expected key=value`, `for example ${option} system=COOLING`)
      const value = parsed(pair.slice(at + 1))
      return [pair.slice(0, at), value.is ? value.value : pair.slice(at + 1)]
    }),
  )
}

export function givenCount(text: string, option: string, least = 0): number {
  const count = Number(text)
  if (text !== '' && Number.isInteger(count) && count >= least) return count
  throw bad(`${option} is "${text}", expected a whole number from ${least}`, `for example ${option} 10`)
}

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90m`, `12h`, `7d`; undefined for what is none. */
function spanMs(text: string): number | undefined {
  const span = /^(\d{1,9})([smhd])$/.exec(text)
  return span ? Number(span[1]) * unitMs[span[2]!]! : undefined
}

/** A time, or how long ago: `2026-11-20`, `2026-11-20T12:00Z`, `90m`, `12h`, `7d`. Gives ISO 8601. */
export function givenTime(text: string | undefined, option: string, now: number): string | undefined {
  if (text === undefined) return undefined
  const ago = spanMs(text)
  const at = ago === undefined ? Date.parse(text) : now - ago
  if (!Number.isNaN(at)) return new Date(at).toISOString()
  throw bad(
    `${option} is "${text}", expected a time or how long ago`,
    `for example ${option} 2026-11-20 or ${option} 12h`,
  )
}

// What ECMAScript can tell as a time.
const latestMs = 8.64e15

/** A time to come, or how far away it is: `2026-12-01`, `2026-12-01T12:00Z`, `90m`, `12h`, `7d`. Gives ISO 8601. */
export function timeToCome(text: string, option: string, now: number): string {
  const from = spanMs(text)
  const at = from === undefined ? Date.parse(text) : now + from
  if (at > now && at <= latestMs) return new Date(at).toISOString()
  throw bad(
    `${option} is "${text}", expected a time to come, or how far away it is`,
    `for example ${option} 2030-01-31 or ${option} 7d`,
  )
}

/** `a, b` of names, in capitals as the platform has them. */
export const capitals = (text: string | undefined): string | undefined => text?.replaceAll(' ', '').toUpperCase()
