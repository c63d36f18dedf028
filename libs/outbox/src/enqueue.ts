import type { EventType } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import { injectTrace } from '@pitcrew/observability'

export interface Outgoing<T> {
  event: EventType<T>
  /** Events of one key leave in the order in which they were written. */
  key: string
  /** The same for the same event, however often it is written or published. */
  id: string
  message: T
}

/**
 * To be called in the transaction that makes the event true. An event that waits already is not added again. Transactions
 * that write events of one key at the same time have no order unless a lock of theirs gives them one.
 */
export async function enqueue<T>(tx: Sql, schema: string, { event, key, id, message }: Outgoing<T>): Promise<void> {
  const trace = new Map<string, string>()
  injectTrace(trace)
  await tx.query(
    `insert into ${schema}.outbox (id, event, key, message, trace) values ($1, $2, $3, $4, $5) on conflict (id) do nothing`,
    [id, event.subject, key, JSON.stringify(event.codec.toJSON(message)), JSON.stringify(Object.fromEntries(trace))],
  )
}
