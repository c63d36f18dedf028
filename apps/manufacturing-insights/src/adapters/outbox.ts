/**
 * Events that leave with the transaction that caused them.
 * 1. A row is written in the transaction of the change it announces, so neither exists without the other.
 * 2. A row goes only when JetStream has acknowledged it: published at least once, under an id that drops the repeats.
 * 3. Rows leave in the order they were written; the first that cannot leave holds back the rest.
 */
import { events, type EventType } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import { toFailure } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import { extractTrace, injectTrace, inSpan, type Telemetry } from '@pitcrew/observability'

export type Announced = 'capaOpened'

interface Row {
  id: number
  event: Announced
  key: string
  message_id: string
  message: unknown
  trace: Record<string, string>
}

const batch = 100

/** Takes the current trace along, so that the publication stays in the trace of its cause. */
export async function announce(tx: Sql, event: Announced, key: string, id: string, message: unknown): Promise<void> {
  const trace: Record<string, string> = {}
  injectTrace({ set: (name, value) => void (trace[name] = value) })
  await tx.query(
    `insert into manufacturing.outbox (event, key, message_id, message, trace) values ($1, $2, $3, $4::jsonb, $5::jsonb)`,
    [event, key, id, JSON.stringify(message), JSON.stringify(trace)],
  )
}

export interface Relay {
  /** There is something new. */
  wake(): void
  stop(): Promise<void>
}

export function relayOutbox(options: {
  database: Database
  messaging: Messaging
  telemetry: Telemetry
  everyMs: number
}): Relay {
  const { database, messaging, telemetry, everyMs } = options
  let stopped = false
  let running: Promise<void> | undefined
  let again = false

  const pass = async (): Promise<void> => {
    do {
      again = false
      try {
        while (!stopped && (await publishBatch(database, messaging, telemetry)) === batch);
      } catch (thrown) {
        const { code, message } = toFailure(thrown)
        telemetry.logger.warn('outbox is waiting', { code, reason: message })
      }
    } while (again && !stopped)
    running = undefined
  }
  const wake = (): void => {
    if (stopped) return
    if (running === undefined) running = pass()
    else again = true
  }
  const timer = setInterval(wake, everyMs)
  wake()
  return {
    wake,
    async stop() {
      clearInterval(timer)
      wake()
      await running
      stopped = true
    },
  }
}

async function publishBatch(database: Database, messaging: Messaging, telemetry: Telemetry): Promise<number> {
  const rows = await database.query<Row>(`select * from manufacturing.outbox order by id limit ${batch}`)
  for (const row of rows) {
    const event = events[row.event] as EventType<unknown>
    await inSpan(
      telemetry,
      `outbox ${event.subject}`,
      { parent: extractTrace({ get: (name) => row.trace[name] }) },
      () => messaging.publish(event, row.key, event.codec.fromJSON(row.message), { id: row.message_id }),
    )
    await database.query('delete from manufacturing.outbox where id = $1', [row.id])
  }
  return rows.length
}
