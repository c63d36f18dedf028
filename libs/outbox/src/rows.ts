import type { Database } from '@pitcrew/database'
import type { Fate } from './fate.ts'

export interface Row {
  position: number
  id: string
  event: string
  key: string
  message: unknown
  trace: Record<string, string>
  attempts: number
}

export interface Settled {
  row: Row
  fate: Fate
}

const batch = 200

/**
 * The oldest events that nobody has in hand, for so long ours alone, in order. None of a key that has an earlier one in hand
 * elsewhere or waiting. Claims follow one another, since two at once could divide a key.
 */
export async function claim(database: Database, schema: string, holdMs: number): Promise<Row[]> {
  // An idle table costs one statement and no write.
  const due = await database.query(`select 1 from ${schema}.outbox where parked is null and due_at <= now() limit 1`)
  if (due.length === 0) return []
  const rows = await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`${schema}.outbox`])
    return tx.query<Row>(
      `update ${schema}.outbox set due_at = now() + $1::int * interval '1 millisecond'
       where position in (
         select o.position from ${schema}.outbox o
         where o.parked is null and o.due_at <= now() and not exists (
           select from ${schema}.outbox e
           where e.key = o.key and e.position < o.position and e.parked is null and e.due_at > now()
         )
         order by o.position limit ${batch}
       )
       returning position, id, event, key, message, trace, attempts`,
      [holdMs],
    )
  })
  return rows.sort((a, b) => a.position - b.position)
}

/** A crash before this leaves the events to be published once more, under the same ids. */
export async function settle(database: Database, schema: string, settled: readonly Settled[]): Promise<void> {
  const published = settled.filter(({ fate }) => fate.is === 'published').map(({ row }) => row.position)
  if (published.length > 0) {
    await database.query(`delete from ${schema}.outbox where position = any($1::bigint[])`, [published])
  }
  const kept = settled.filter(({ fate }) => fate.is !== 'published')
  if (kept.length === 0) return
  await database.query(
    `update ${schema}.outbox o set attempts = o.attempts + k.tries, parked = nullif(k.parked, ''),
       due_at = now() + k.after_ms * interval '1 millisecond'
     from unnest($1::bigint[], $2::int[], $3::int[], $4::text[]) as k (position, tries, after_ms, parked)
     where o.position = k.position`,
    [
      kept.map(({ row }) => row.position),
      kept.map(({ fate }) => (fate.is === 'untried' ? 0 : 1)),
      kept.map(({ fate }) => (fate.is === 'delayed' ? fate.afterMs : 0)),
      kept.map(({ fate }) => (fate.is === 'parked' ? fate.failure.code : '')),
    ],
  )
}
