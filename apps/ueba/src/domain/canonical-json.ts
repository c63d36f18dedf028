import { Terminal } from '@pitcrew/errors'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/**
 * JSON Canonicalization Scheme, RFC 8785: no white space, properties ordered by the UTF-16 code units of their names
 * (3.2.3), strings and numbers as ECMAScript serialises them (3.2.2). Two parties that agree on the value agree on the
 * bytes, so a hash over them can be checked by anyone.
 *
 * Terminal NOT_CANONICAL for what has no canonical form: NaN, infinities, undefined, lone surrogates.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return canonicalString(value)
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return JSON.stringify(value)
    throw notCanonical(String(value), 'a finite number')
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object') return canonicalObject(value as { readonly [name: string]: Json })
  throw notCanonical(typeof value, 'string, number, boolean, null, array or object')
}

function canonicalObject(value: { readonly [name: string]: Json }): string {
  const names = Object.keys(value).sort(byCodeUnit)
  return `{${names.map((name) => `${canonicalString(name)}:${canonicalJson(value[name]!)}`).join(',')}}`
}

function canonicalString(value: string): string {
  if (value.isWellFormed()) return JSON.stringify(value)
  throw notCanonical('a lone surrogate', 'well-formed Unicode')
}

/** `<` on strings compares UTF-16 code units; a locale's order would differ between machines. */
function byCodeUnit(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}

function notCanonical(found: string, expected: string): Terminal {
  return new Terminal('NOT_CANONICAL', `found ${found}, expected ${expected}`, {
    hint: 'RFC 8785 gives canonical bytes to I-JSON values only',
  })
}
