/**
 * The audit log as a hash chain.
 * 1. Records are numbered 1, 2, 3, ... without gaps; the number is part of what is hashed.
 * 2. hash(n) = SHA-256(hash(n-1) || canonical JSON of record n), hash(0) = 32 zero bytes.
 * 3. So to change, drop, insert or swap a record every later hash has to be changed with it, and whoever kept one of them
 *    notices. Nothing here needs the database: an exported log verifies offline.
 */
import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from './canonical-json.ts'

export interface Head {
  number: number
  /** Hex. */
  hash: string
}

/** One stored line: the record as canonical JSON. */
export interface Link extends Head {
  record: string
}

export const genesis: Head = { number: 0, hash: '0'.repeat(64) }

export function hashOf(previous: string, record: string): string {
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(record, 'utf8').digest('hex')
}

export function append(head: Head, body: { readonly [name: string]: Json }): Link {
  const number = head.number + 1
  const record = canonicalJson({ ...body, number })
  return { number, record, hash: hashOf(head.hash, record) }
}

export type Verdict = { intact: true; head: Head } | { intact: false; head: Head; brokenAt: number }

/** The next link against what came before it; a broken chain stays broken at its first bad record. */
export function follow(before: Verdict, link: Link): Verdict {
  if (!before.intact) return before
  const { head } = before
  const expected = head.number + 1
  const sound =
    link.number === expected && statedNumber(link.record) === expected && hashOf(head.hash, link.record) === link.hash
  if (!sound) return { intact: false, head, brokenAt: expected }
  return { intact: true, head: { number: link.number, hash: link.hash } }
}

/** At the end: the log must reach the head that was written down elsewhere, or its tail was cut off. */
export function arrive(verdict: Verdict, head: Head): Verdict {
  if (!verdict.intact || (verdict.head.number === head.number && verdict.head.hash === head.hash)) return verdict
  return { intact: false, head: verdict.head, brokenAt: Math.min(verdict.head.number, head.number) + 1 }
}

function statedNumber(record: string): unknown {
  try {
    const parsed: unknown = JSON.parse(record)
    return typeof parsed === 'object' && parsed !== null && 'number' in parsed ? parsed.number : undefined
  } catch {
    // Not JSON any more: tampered with, which the caller reports.
    return undefined
  }
}
