import type { EventType } from '@pitcrew/contracts'
import { openAckInbox } from './ack-inbox.ts'
import { createMetrics, type Broker } from './broker.ts'
import { inboxPrefix, openConnection, watchConnection, type ConnectOptions } from './connect.ts'
import { consumeBatches } from './consume-batches.ts'
import { consumeEvent } from './consume.ts'
import type { AnyEvent, ConsumeOptions, Delivery, Messaging, Subscription } from './messaging.ts'
import { publishMany, publishOne, sendBytes } from './publish.ts'
import { latest } from './latest.ts'
import { listen, request, respond } from './request.ts'

/** For sibling parts of this library: what stands behind a Messaging. */
const brokers = new WeakMap<Messaging, Broker>()

export function brokerOf(messaging: Messaging): Broker {
  const broker = brokers.get(messaging)
  if (broker === undefined) throw new TypeError('not made by connectMessaging')
  return broker
}

export async function connectMessaging(options: ConnectOptions): Promise<Messaging> {
  const connection = await openConnection(options)
  const { service, instance, telemetry } = options
  const reconnected = new Set<() => void>()
  const onReconnect = (listener: () => void) => {
    reconnected.add(listener)
    return () => void reconnected.delete(listener)
  }
  const metrics = createMetrics(telemetry)
  const acks = openAckInbox(connection, inboxPrefix(service))
  const broker: Broker = { connection, service, instance, telemetry, metrics, acks, onReconnect }
  void watchConnection(connection, telemetry, reconnected)
  const messaging = messagingOf(broker)
  brokers.set(messaging, broker)
  return messaging
}

function messagingOf(broker: Broker): Messaging {
  const { connection, service, instance, telemetry } = broker
  const subscriptions = new Set<Subscription>()
  const track = (subscription: Subscription): Subscription => {
    const tracked: Subscription = {
      stop: async () => {
        if (subscriptions.delete(tracked)) await subscription.stop()
      },
    }
    subscriptions.add(tracked)
    return tracked
  }

  async function consume<T>(
    events: EventType<T> | readonly AnyEvent[],
    options: ConsumeOptions,
    handler: (delivery: Delivery<T>) => Promise<void>,
  ): Promise<Subscription> {
    const all: readonly EventType<T>[] = isSeveral(events) ? events : [events]
    const started = await Promise.all(all.map((event) => consumeEvent(broker, event, options, handler, all.length > 1)))
    return track({ stop: async () => void (await Promise.all(started.map((each) => each.stop()))) })
  }

  return {
    connection,
    service,
    instance,
    telemetry,
    publish: (event, key, message, { id } = {}) => publishOne(broker, event, { key, message, id }),
    publishMany: (event, items) => publishMany(broker, event, items),
    send: (subject, data, options) => sendBytes(broker, subject, data, options),
    latest: (event, key) => latest(broker, event, key),
    consume,
    consumeBatches: async (event, options, handler) => track(await consumeBatches(broker, event, options, handler)),
    request: (subject, data, options) => request(broker, subject, data, options),
    respond: async (subject, options, handler) => track(await respond(broker, subject, options, handler)),
    signal: (subject, data) => connection.publish(subject, data),
    listen: (subject, handler) => track(listen(broker, subject, handler)),
    async drain() {
      await Promise.all([...subscriptions].map((subscription) => subscription.stop()))
      if (!connection.isClosed() && !connection.isDraining()) await connection.drain()
    },
  }
}

function isSeveral(events: AnyEvent | readonly AnyEvent[]): events is readonly AnyEvent[] {
  return Array.isArray(events)
}
