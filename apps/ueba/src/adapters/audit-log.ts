/**
 * Owns: the audit table and its head.
 * 1. Appending needs the lock of the head row, so there is one appender at a time over all instances.
 * 2. Records and head change in one transaction: the head is always the last record.
 */
import type { Sql } from '@pitcrew/database'
import { append, arrive, follow, genesis, type Head, type Link, type Verdict } from '../domain/audit-chain.ts'
import type { AuditEntry } from '../domain/audit-record.ts'

/** Until the transaction ends. */
export async function takePen(tx: Sql): Promise<Head> {
  const [head] = await tx.query<Head>('select number, hash from ueba.audit_head for update')
  return head!
}

/** The pen must be held since before `head` was read. */
export async function appendEntries(tx: Sql, head: Head, entries: readonly AuditEntry[]): Promise<Head> {
  if (entries.length === 0) return head
  const links: Link[] = []
  for (const { details, ...entry } of entries) links.push(append(links.at(-1) ?? head, { ...entry, details }))
  const last = links.at(-1)!
  await tx.query(
    `insert into ueba.audit (number, record, hash)
     select * from unnest($1::bigint[], $2::text[], $3::text[])`,
    [links.map(({ number }) => number), links.map(({ record }) => record), links.map(({ hash }) => hash)],
  )
  await tx.query('update ueba.audit_head set number = $1, hash = $2', [last.number, last.hash])
  return { number: last.number, hash: last.hash }
}

export async function unseenIds(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  const seen = await sql.query<{ source_id: string }>(
    'select source_id from ueba.audit where source_id = any($1::text[])',
    [ids],
  )
  const unseen = new Set(ids)
  for (const { source_id: id } of seen) unseen.delete(id)
  return unseen
}

const page = 2000

/** Recomputes the chain up to the head as it was at the start; appending goes on meanwhile. */
export async function verifyAudit(sql: Sql): Promise<Verdict> {
  const [head] = await sql.query<Head>('select number, hash from ueba.audit_head')
  if (head === undefined) return { intact: false, head: genesis, brokenAt: 1 }
  let verdict: Verdict = { intact: true, head: genesis }
  for (let after = 0; verdict.intact;) {
    const links = await sql.query<Link>(
      'select number, record, hash from ueba.audit where number > $1 and number <= $2 order by number limit $3',
      [after, head.number, page],
    )
    if (links.length === 0) break
    verdict = links.reduce<Verdict>(follow, verdict)
    after = links.at(-1)!.number
  }
  return arrive(verdict, head)
}

export async function listAudit(
  sql: Sql,
  { afterNumber, limit, resource }: { afterNumber: number; limit: number; resource: string },
): Promise<{ entry: AuditEntry; number: number; hash: string }[]> {
  const links = await sql.query<Link>(
    `select number, record, hash from ueba.audit where number > $1 and ($2::text = '' or resource = $2) order by number limit $3`,
    [afterNumber, resource, limit],
  )
  return links.map(({ number, record, hash }) => ({ number, hash, entry: JSON.parse(record) as AuditEntry }))
}
