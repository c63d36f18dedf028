/**
 * Events leave in the transaction that makes them true: as rows, published after it commits and again after a crash.
 * 1. An event id is stable, so publishing twice is once: the broker drops the second within its window.
 * 2. Rows leave in the order in which they were written, and go only when JetStream has acknowledged them.
 */
import type { Database, Sql } from '@pitcrew/database'
import { events, type EventType } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import { extractTrace, injectTrace, inSpan, type Telemetry } from '@pitcrew/observability'

type EventName = 'messageSent' | 'replyReceived' | 'feedbackReceived'

export interface OutgoingEvent {
  event: EventName
  eventId: string
  key: string
  message: unknown
}

interface Row {
  position: number
  event: EventName
  event_id: string
  key: string
  message: unknown
  trace: Record<string, string>
}

const batch = 200

/** To be called inside the transaction. Writing the same event again changes nothing. */
export async function putEvent(tx: Sql, { event, eventId, key, message }: OutgoingEvent): Promise<void> {
  const trace = new Map<string, string>()
  injectTrace(trace)
  await tx.query(
    `insert into engagement.outbox (event, event_id, key, message, trace) values ($1, $2, $3, $4, $5)
     on conflict (event_id) do nothing`,
    [event, eventId, key, JSON.stringify(message), JSON.stringify(Object.fromEntries(trace))],
  )
}

export class Outbox {
  readonly #database: Database
  readonly #messaging: Pick<Messaging, 'publish'>
  readonly #telemetry: Telemetry
  readonly #timer: NodeJS.Timeout
  #flushing: Promise<void> | undefined
  #again = false
  #closed = false

  /** Also looks by itself every `everyMs`, for what a crash or a lost broker left behind. */
  constructor(database: Database, messaging: Pick<Messaging, 'publish'>, telemetry: Telemetry, everyMs: number) {
    this.#database = database
    this.#messaging = messaging
    this.#telemetry = telemetry
    this.#timer = setInterval(() => this.wake(), everyMs)
  }

  /** Publishes what is there, soon. Never throws: what could not be published stays, and is logged. */
  wake(): void {
    if (this.#closed) return
    this.#again = true
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined))
  }

  /** Publishes what is there before it resolves, if the broker lets it. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.wake()
    this.#closed = true
    await this.#flushing
  }

  async #flush(): Promise<void> {
    while (this.#again) {
      this.#again = false
      try {
        await this.#publishPending()
      } catch (thrown) {
        const { code } = toFailure(thrown)
        this.#telemetry.logger.warn('events wait in the outbox', { code })
      }
    }
  }

  async #publishPending(): Promise<void> {
    for (;;) {
      const rows = await this.#database.query<Row>('select * from engagement.outbox order by position limit $1', [
        batch,
      ])
      for (const row of rows) {
        await this.#publish(row)
        await this.#database.query('delete from engagement.outbox where position = $1', [row.position])
      }
      if (rows.length < batch) return
    }
  }

  async #publish(row: Row): Promise<void> {
    const event = events[row.event] as EventType<unknown>
    const parent = extractTrace(new Map(Object.entries(row.trace)))
    await inSpan(this.#telemetry, `relay ${event.subject}`, { parent }, () =>
      this.#messaging
        .publish(event, row.key, event.codec.fromJSON(row.message), { id: row.event_id })
        .then(() => undefined),
    )
  }
}
