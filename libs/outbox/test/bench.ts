/** A database with an outbox, and a stream that its events reach. */
import { events, type scheduling } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import { testDatabase } from '@pitcrew/testing'
import { enqueue, outboxTable } from '../src/index.ts'

export const schema = 'scheduling'
export const outboxSchema = { schema, migrations: [{ name: '0001-outbox', sql: outboxTable(schema) }] }

export interface Bench {
  database: Database
  /** In one transaction, in this order. */
  write(...written: { key: string; id: string }[]): Promise<void>
  /** Ids of what has not left, oldest first. */
  waiting(): Promise<string[]>
  stop(): Promise<void>
}

export async function openBench(): Promise<Bench> {
  const server = await testDatabase()
  const database = await openDatabase({ url: server.url })
  await migrate(database, outboxSchema)
  return {
    database,
    write: (...written) =>
      database.transaction(async (tx) => {
        for (const { key, id } of written) await enqueue(tx, schema, changed(key, id))
      }),
    async waiting() {
      const rows = await database.query<{ id: string }>(`select id from ${schema}.outbox order by position`)
      return rows.map(({ id }) => id)
    },
    async stop() {
      await database.close()
      await server.stop()
    },
  }
}

export function changed(key: string, id: string) {
  const message: scheduling.BookingChanged = { booking: undefined, reason: id }
  return { event: events.bookingChanged, key, id, message }
}

export interface Seen {
  key: string
  id: string
  reason: string
  traceparent: string | undefined
}

/** Everything that the stream has of an event, in its order. */
export async function follow(reader: Messaging): Promise<Seen[]> {
  const seen: Seen[] = []
  await reader.consume<scheduling.BookingChanged>(
    events.bookingChanged,
    { durable: 'test', concurrency: 1 },
    async ({ key, id, message: { reason }, headers }) =>
      void seen.push({ key, id, reason, traceparent: headers.get('traceparent') }),
  )
  return seen
}
