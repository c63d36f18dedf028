/**
 * Publishes what transactions left in the outbox of a schema.
 *
 * 1. What is committed is published, and nothing that is not. A row goes only when JetStream has acknowledged it.
 * 2. It is published under the same id each time, so a relay that dies before it removed the row adds nothing: the stream
 *    drops repeats within its window, and after that consumers know them by the id.
 * 3. Events of one key leave in the order of the table: each after the acknowledgement of the one before. So two relays that
 *    both believe to have a row in hand still keep the order. Keys do not wait for one another.
 * 4. An event that is refused for what it is (too large, a key that cannot be) is parked: logged as an error, kept, and out
 *    of the way. One that cannot leave now keeps its place and is tried until it can.
 * 5. What fails waits longer each time, and the later events of its key with it.
 * 6. Nothing is published inside a transaction: a broker that is slow holds no lock and, in PGlite, nobody's session.
 * 7. Several instances share the work: who claims an event has it alone for a while, and whoever comes then takes it over.
 * 8. An event belongs to the trace of the work that wrote it.
 */
import { events, type EventType } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { Terminal, toFailure } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import { attributes, extractTrace, inSpan, type Telemetry } from '@pitcrew/observability'
import { startLoop } from '@pitcrew/service'
import { observeBacklog } from './backlog.ts'
import { fateOf, type Fate } from './fate.ts'
import { logFates } from './log-fates.ts'
import { claim, settle, type Row, type Settled } from './rows.ts'

export interface RelayOptions {
  database: Database
  schema: string
  messaging: Pick<Messaging, 'publish'>
  telemetry: Telemetry
  /** How often to look without being woken, for what others or a crash left behind; default 1 s. */
  everyMs?: number
}

export interface OutboxRelay {
  /** Something was committed. */
  wake(): void
  /** Ends when what is in hand is settled. What is left waits for the next start, or is another instance's. */
  stop(): Promise<void>
}

/** Nothing new of a batch is begun after this, and another relay may take over what a dead one had. */
const holdMs = 3_000

export function relayOutbox(options: RelayOptions): OutboxRelay {
  const { schema, telemetry, everyMs = 1_000 } = options
  const forget = observeBacklog(options)
  const loop = startLoop({
    name: `publishing the events of ${schema}`,
    everyMs,
    logger: telemetry.logger,
    async run(stopping) {
      while ((await relayBatch(options)) && !stopping.aborted);
    },
  })
  return {
    wake: loop.kick,
    async stop() {
      forget()
      await loop.stop()
    },
  }
}

/** false when there was nothing to take. */
async function relayBatch(options: RelayOptions): Promise<boolean> {
  const { database, schema, telemetry } = options
  const rows = await claim(database, schema, holdMs)
  if (rows.length === 0) return false
  const until = performance.now() + holdMs
  const keys = [...Map.groupBy(rows, ({ key }) => key).values()]
  const settled = (await Promise.all(keys.map((ofKey) => publishInOrder(options, ofKey, until)))).flat()
  await settle(database, schema, settled)
  logFates(telemetry.logger, schema, settled)
  return true
}

async function publishInOrder(options: RelayOptions, ofKey: readonly Row[], until: number): Promise<Settled[]> {
  const settled: Settled[] = []
  let free = true
  for (const row of ofKey) {
    const fate: Fate = free && performance.now() < until ? await publish(options, row) : { is: 'untried' }
    settled.push({ row, fate })
    free &&= fate.is === 'published' || fate.is === 'parked'
  }
  return settled
}

async function publish({ messaging, telemetry }: RelayOptions, row: Row): Promise<Fate> {
  const parent = extractTrace({ get: (name) => row.trace[name] })
  const spanAttributes = { [attributes.messagingMessageId]: row.id }
  try {
    await inSpan(telemetry, `relay ${row.event}`, { parent, attributes: spanAttributes }, async () => {
      const event = eventOf(row)
      await messaging.publish(event, row.key, messageOf(event, row), { id: row.id })
    })
    return { is: 'published' }
  } catch (thrown) {
    return fateOf(toFailure(thrown), row.attempts)
  }
}

const bySubject = new Map<string, EventType<unknown>>(
  Object.values(events).map((event) => [event.subject, event as EventType<unknown>]),
)

function eventOf({ event }: Row): EventType<unknown> {
  const known = bySubject.get(event)
  if (known !== undefined) return known
  throw new Terminal('UNKNOWN_EVENT', `no event is called '${event}', expected one of the pipeline`, {
    hint: 'it was written by another release: start that one again, or remove the event',
  })
}

function messageOf({ codec }: EventType<unknown>, { event, message }: Row): unknown {
  try {
    return codec.fromJSON(message)
  } catch (cause) {
    throw new Terminal('BAD_EVENT', `what is stored is not the JSON form of a ${event}`, { cause })
  }
}
