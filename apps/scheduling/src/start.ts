/** Puts the service together: storage and dealer behind the handlers, and what runs beside them. */
import { randomUUID } from 'node:crypto'
import { events } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import { extractTrace, injectTrace, inSpan, type Telemetry } from '@pitcrew/observability'
import { sqlDiary } from './adapters/diary.ts'
import { httpDealer } from './adapters/dealer-http.ts'
import { startLoop, type Loop } from './adapters/loop.ts'
import { drainOutbox, type Outgoing } from './adapters/outbox.ts'
import type { SchedulingConfig } from './config.ts'
import type { Clock } from './domain/ports.ts'
import { followVisits } from './handlers/follow-visits.ts'
import { settleDebts } from './handlers/settle-debts.ts'
import type { Workshop } from './handlers/workshop.ts'

export interface SchedulingParts {
  config: SchedulingConfig
  database: Database
  messaging: Pick<Messaging, 'publish'>
  telemetry: Telemetry
  now?: Clock
}

export interface Scheduling {
  workshop: Workshop
  /** Stops what runs beside the handlers; what is in hand is finished. */
  stop(): Promise<void>
}

const outboxRetryMs = 1_000

export function startScheduling({
  config,
  database,
  messaging,
  telemetry,
  now = Date.now,
}: SchedulingParts): Scheduling {
  const { logger } = telemetry
  const warn: Workshop['warn'] = (message, fields) => logger.warn(message, fields)
  const outbox = startLoop({
    name: 'publishing booking events',
    everyMs: outboxRetryMs,
    logger,
    run: () => drainOutbox(database, (outgoing) => publish(messaging, telemetry, outgoing)),
  })
  const diary = sqlDiary({
    database,
    now,
    newId: randomUUID,
    trace: currentTrace,
    warn,
    onCommitted: () => outbox.kick(),
  })
  const workshop: Workshop = {
    diary,
    dealer: httpDealer({ url: config.DEALER_URL, timeoutMs: config.DEALER_TIMEOUT_MS }),
    now,
    organizer: { name: config.CALENDAR_ORGANIZER_NAME, email: config.CALENDAR_ORGANIZER_EMAIL },
    holdMinutes: config.HOLD_MINUTES,
    warn,
  }
  const everyMs = config.BOOKINGS_SWEEP_MS
  const loops: Loop[] = [
    startLoop({ name: 'expiring holds', everyMs, logger, run: () => diary.expireLapsed() }),
    startLoop({ name: 'settling with the dealer', everyMs, logger, run: () => settleDebts(workshop) }),
    startLoop({ name: 'following visits', everyMs: config.VISITS_POLL_MS, logger, run: () => followVisits(workshop) }),
  ]
  return {
    workshop,
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
      await outbox.stop()
    },
  }
}

function currentTrace(): Record<string, string> {
  const headers = new Map<string, string>()
  injectTrace(headers)
  return Object.fromEntries(headers)
}

/** In the trace of the work that wrote the event, not of the loop that sends it. */
function publish(
  messaging: SchedulingParts['messaging'],
  telemetry: Telemetry,
  { id, event, key, message, trace }: Outgoing,
): Promise<void> {
  const parent = extractTrace({ get: (name) => trace[name] })
  return inSpan(telemetry, 'scheduling.outbox', { parent }, async () => {
    switch (event) {
      case 'bookingChanged':
        return void (await messaging.publish(
          events.bookingChanged,
          key,
          events.bookingChanged.codec.fromJSON(message),
          { id },
        ))
      case 'visitStarted':
        return void (await messaging.publish(events.visitStarted, key, events.visitStarted.codec.fromJSON(message), {
          id,
        }))
      case 'visitCompleted':
        return void (await messaging.publish(
          events.visitCompleted,
          key,
          events.visitCompleted.codec.fromJSON(message),
          { id },
        ))
    }
  })
}
