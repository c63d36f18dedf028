/**
 * Events written in the transaction that they tell of and published after it, so that neither exists without the other.
 *
 * 1. What is committed is published at least once, in the order of the table, under the same message id each time.
 * 2. A row goes only when the broker has acknowledged it; what a crash left behind is published at the next start.
 * 3. Nothing is published inside a transaction: a slow broker never holds a lock.
 */
import type { scheduling } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'

export interface Outgoing {
  /** The same for the same event, however often it is written or published. */
  id: string
  event: 'bookingChanged' | 'visitStarted' | 'visitCompleted'
  key: string
  message: scheduling.BookingChanged | scheduling.VisitStarted | scheduling.VisitCompleted
  /** Trace headers of the work that wrote it. */
  trace: Record<string, string>
}

export type Publish = (outgoing: Outgoing) => Promise<void>

const batch = 100

export async function enqueue(tx: Sql, { id, event, key, message, trace }: Outgoing): Promise<void> {
  await tx.query(
    `insert into scheduling.outbox (message_id, event, key, message, trace) values ($1, $2, $3, $4, $5)
     on conflict (message_id) do nothing`,
    [id, event, key, JSON.stringify(message), JSON.stringify(trace)],
  )
}

/** Publishes until the table is empty. Safe to run in several instances: the broker drops what it has. */
export async function drainOutbox(database: Database, publish: Publish): Promise<void> {
  for (;;) {
    const waiting = await database.query<Outgoing & { position: number }>(
      `select position, message_id as id, event, key, message, trace from scheduling.outbox order by position limit ${batch}`,
    )
    const published: number[] = []
    try {
      for (const { position, ...outgoing } of waiting) {
        await publish(outgoing)
        published.push(position)
      }
    } finally {
      if (published.length > 0)
        await database.query('delete from scheduling.outbox where position = any($1)', [published])
    }
    if (waiting.length < batch) return
  }
}
