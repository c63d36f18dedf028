/** What providers' JSON has in common: times and numbers as text, one for a list of one, names in whatever case. */
import { z } from 'zod'

/** ISO 8601 with a date and a time; UTC when it names no zone. Gives Unix milliseconds. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/)
  .transform((text, context) => {
    const ms = Math.round(Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`))
    if (ms > 0) return ms
    context.addIssue('no instant after 1970')
    return z.NEVER
  })

/** A finite number, also as text. */
export const amount = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^[+-]?\d{1,15}(\.\d{1,15})?$/)
    .transform(Number),
])

/** JSON that was made from XML has a list of one as that one, and an empty list as nothing. */
export const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]

export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Deeper than any page goes. */
const deepest = 12

/** Names in lower case, without the mark by which some converters tell an XML attribute from an element. */
export function foldNames(value: unknown, depth = 0): unknown {
  if (depth > deepest) return undefined
  if (Array.isArray(value)) return value.map((entry) => foldNames(entry, depth + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.toLowerCase().replace(/^(?:@_?|[_$-])/, ''),
      foldNames(member, depth + 1),
    ]),
  )
}
