import { analysis, events } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import { extractTrace, inSpan, type Telemetry } from '@pitcrew/observability'
import type { Outbox, PendingEvent } from './ports.ts'

export interface OutboxRelay {
  /** Something was put in. */
  wake(): void
  stop(): Promise<void>
}

export interface RelayOptions {
  outbox: Outbox
  messaging: Pick<Messaging, 'publish'>
  telemetry: Telemetry
  /** Partitions held here: what waits for the others is published by who holds them. */
  partitions(): readonly number[]
  everyMs: number
}

const most = 200

/**
 * Publishes what transactions left in the outbox, each in the trace of the frame that it follows from.
 * 1. A row goes only after JetStream has acknowledged its event: published at least once, under an id that drops repeats.
 * 2. Events about one vehicle leave in the order in which they were decided.
 */
export function relayOutbox(options: RelayOptions): OutboxRelay {
  const { telemetry, everyMs } = options
  let stopped = false
  let again = false
  let running: Promise<void> | undefined

  const pass = async (): Promise<void> => {
    do {
      again = false
      try {
        while (!stopped && (await publishSome(options)) === most);
      } catch (thrown) {
        const { code, message } = toFailure(thrown)
        telemetry.logger.warn('alerts wait to be published', { code, reason: message })
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

async function publishSome({ outbox, messaging, telemetry, partitions }: RelayOptions): Promise<number> {
  const pending = await outbox.pending(partitions(), most)
  const byVehicle = Map.groupBy(pending, ({ key }) => key)
  const published = await Promise.allSettled(
    [...byVehicle.values()].map(async (queue) => {
      for (const entry of queue) await publishOne(messaging, telemetry, entry)
      await outbox.done(queue.map(({ position }) => position))
    }),
  )
  for (const result of published) if (result.status === 'rejected') throw result.reason
  return pending.length
}

function publishOne(
  messaging: Pick<Messaging, 'publish'>,
  telemetry: Telemetry,
  { event, key, id, content, trace }: PendingEvent,
): Promise<unknown> {
  const parent = extractTrace({ get: (name) => trace[name] })
  return inSpan(telemetry, 'publish alert', { parent }, () =>
    messaging.publish(events[event], key, analysis.Alert.fromJSON(content), { id }),
  )
}
