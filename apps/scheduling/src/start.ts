/** Puts the service together: storage and dealer behind the handlers, and what runs beside them. */
import { randomUUID } from 'node:crypto'
import type { Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'
import { relayOutbox } from '@pitcrew/outbox'
import { startLoop, type Loop } from '@pitcrew/service'
import { sqlDiary } from './adapters/diary.ts'
import { httpDealer } from './adapters/dealer-http.ts'
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

export function startScheduling({
  config,
  database,
  messaging,
  telemetry,
  now = Date.now,
}: SchedulingParts): Scheduling {
  const { logger } = telemetry
  const warn: Workshop['warn'] = (message, fields) => logger.warn(message, fields)
  const outbox = relayOutbox({ database, schema: 'scheduling', messaging, telemetry })
  const diary = sqlDiary({
    database,
    now,
    newId: randomUUID,
    warn,
    onCommitted: outbox.wake,
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
