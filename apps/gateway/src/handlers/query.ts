/** Reads query parameters. Each throws Terminal BAD_REQUEST for what it cannot read. */
import { Terminal } from '@pitcrew/errors'

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function count(value: string | undefined, otherwise: number): number {
  if (value === undefined || value === '') return otherwise
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0) return number
  throw new Terminal('BAD_REQUEST', `"${value}" is not a count`, { hint: 'give a whole number from 0' })
}

/** The values of an enum of the contracts, by their names without prefix, comma-separated. */
export function choices<T extends string>(value: string | undefined, of: Record<string, T>, what: string): T[] {
  return names(value).map((name) => {
    const found = of[name]
    if (found) return found
    throw new Terminal('BAD_REQUEST', `there is no ${what} "${name}"`, {
      hint: `expected among ${Object.keys(of).slice(1).join(', ')}`,
    })
  })
}

/** Comma-separated. */
export const names = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

export function oneOf<const T extends string>(value: string | undefined, among: readonly T[], what: string): T {
  const given = value || among[0]
  const found = among.find((one) => one === given)
  if (found !== undefined) return found
  throw new Terminal('BAD_REQUEST', `${what} is "${given}", expected ${among.join(' or ')}`, {
    hint: `for example ?${what}=${among[0]}`,
  })
}

/** Undefined where none was given. */
export function instant(value: string | undefined, what: string): string | undefined {
  if (value === undefined || value === '') return undefined
  const at = new Date(value)
  if (!Number.isNaN(at.getTime())) return at.toISOString()
  throw new Terminal('BAD_REQUEST', `${what} is "${value}", expected a date or a time`, {
    hint: 'for example 2026-11-20 or 2026-11-20T12:00:00Z',
  })
}

/** Undefined where none was given. */
export function jsonObject(value: string | undefined, what: string): Record<string, unknown> | undefined {
  if (value === undefined || value === '') return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    parsed = undefined // said below, as for JSON that is no object
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>
  throw new Terminal('BAD_REQUEST', `${what} is "${value}", expected a JSON object`, {
    hint: `for example ?${what}={"system":"COOLING"}, percent-encoded`,
  })
}
