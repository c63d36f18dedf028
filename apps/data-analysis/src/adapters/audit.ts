import type { Sql } from '@pitcrew/database'
import type { AuditRecord } from '../handlers/audit-record.ts'

/** Within the transaction of the change that it tells of. */
export async function writeAudit(
  tx: Sql,
  { atMs, subject, action, object, reason, detail }: AuditRecord,
): Promise<void> {
  await tx.query(
    `insert into analysis.audit (at, subject, action, object, reason, detail) values ($1::timestamptz, $2, $3, $4, $5, $6)`,
    [new Date(atMs).toISOString(), subject, action, object, reason, JSON.stringify(detail)],
  )
}

/** The latest first; of one object, or of everything with ''. */
export async function readAudit(sql: Sql, object: string, limit: number): Promise<AuditRecord[]> {
  const rows = await sql.query<Omit<AuditRecord, 'atMs' | 'detail'> & { at: string; detail: string }>(
    `select at, subject, action, object, reason, detail from analysis.audit
     where $1 = '' or object = $1 order by position desc limit $2`,
    [object, limit],
  )
  return rows.map(({ at, detail, ...rest }) => ({
    ...rest,
    atMs: Date.parse(at),
    detail: JSON.parse(detail) as unknown,
  }))
}
