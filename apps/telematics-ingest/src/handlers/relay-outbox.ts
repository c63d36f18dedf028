import { events } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import type { Outbox } from './ports.ts'

export interface OutboxRelay {
  /** Something was put in. */
  wake(): void
  stop(): Promise<void>
}

const batch = 100

/**
 * Publishes what transactions left in the outbox. An event is removed only after JetStream has acknowledged it; if we die
 * in between it is published again under the same id. A broker that is away costs a round, never an event.
 */
export function relayOutbox(
  outbox: Outbox,
  messaging: Pick<Messaging, 'publishMany'>,
  logger: Logger,
  retryMs = 2_000,
): OutboxRelay {
  let stopped = false
  let woken = true
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  async function round(): Promise<void> {
    while (woken && !stopped) {
      woken = false
      const pending = await outbox.pending(batch)
      if (pending.length === 0) return
      const items = pending.map(({ id, vehicle }) => ({ id, key: vehicle.vehicleId, message: vehicle }))
      await messaging.publishMany(events.vehicleRegistered, items)
      await outbox.done(pending.map(({ id }) => id))
      woken = true
    }
  }

  function run(): void {
    running ??= round()
      .catch((thrown: unknown) => {
        const { code, message } = toFailure(thrown)
        logger.warn('registered vehicles wait to be published', { code, reason: message, retryMs })
        if (!stopped) timer = setTimeout(wake, retryMs)
      })
      .finally(() => {
        running = undefined
        // Woken between the last look and now.
        if (woken && !stopped && timer === undefined) run()
      })
  }

  function wake(): void {
    clearTimeout(timer)
    timer = undefined
    woken = true
    run()
  }

  run()
  return {
    wake,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
