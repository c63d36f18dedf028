/**
 * Owns: the handlers that run for one event and purpose.
 * 1. At most `concurrency` run at once; no more than as many again wait here.
 * 2. Every message taken is settled: acknowledged, retried, refused with a dead letter, or given back.
 */
import { SpanKind } from '@opentelemetry/api'
import type { EventType } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { attributes, inSpan } from '@pitcrew/observability'
import type { Arrival } from './arrival.ts'
import { messagingAttributes, type Broker } from './broker.ts'
import type { ConsumerSpec } from './consumer-config.ts'
import { storeDeadLetter } from './dead-letter.ts'
import { deliveryOf } from './delivery.ts'
import { holdInHand, type InHand } from './in-hand.ts'
import type { ConsumeOptions, Delivery, Subscription } from './messaging.ts'
import { exhausted, outcomeOf } from './outcome.ts'
import { backoffMs } from './pause.ts'
import { openPuller } from './puller.ts'
import { consumerName, eventSlug, filterOf, templateOf } from './subjects.ts'

export const defaultAckWaitMs = 5_000
const defaultConcurrency = 16
const defaultMaxDeliver = 20
const pullMs = 3_000
const forgottenAfterMs = 10 * 60_000

type HandlerOf<T> = (delivery: Delivery<T>) => Promise<void>

interface Work<T> {
  broker: Broker
  event: EventType<T>
  spec: ConsumerSpec
  inHand: InHand
  maxDeliver: number
  handler: HandlerOf<T>
}

/** `shared`: several events under one durable name, each a consumer of its own. */
export async function consumeEvent<T>(
  broker: Broker,
  event: EventType<T>,
  options: ConsumeOptions,
  handler: HandlerOf<T>,
  shared: boolean,
): Promise<Subscription> {
  const { concurrency = defaultConcurrency, ackWaitMs = defaultAckWaitMs, maxDeliver = defaultMaxDeliver } = options
  const spec = specOf(broker, event, options, shared)
  const inHand = holdInHand(broker.connection, ackWaitMs)
  const work: Work<T> = { broker, event, spec, inHand, maxDeliver, handler }
  const waiting: Arrival[] = []
  const running = new Set<Promise<void>>()
  let stopped = false

  const next = () => {
    while (!stopped && running.size < concurrency && waiting.length > 0) {
      const run = handleOne(work, waiting.shift()!).finally(() => {
        running.delete(run)
        next()
      })
      running.add(run)
    }
    askForMore()
  }
  const askForMore = () => {
    if (stopped) return
    const room = 2 * concurrency - inHand.size - puller.outstanding
    if (room >= concurrency || puller.outstanding === 0) if (room > 0) puller.ask(room, pullMs)
  }
  const puller = await openPuller(broker, spec, {
    onArrival(arrival) {
      broker.metrics.backlog.record(arrival.pending, { consumer: spec.name })
      if (!inHand.take(arrival)) return
      waiting.push(arrival)
      next()
    },
    onEnd: () => askForMore(),
  })
  askForMore()

  return {
    async stop() {
      stopped = true
      await puller.stop()
      for (const arrival of waiting.splice(0)) inHand.giveBack(arrival)
      await Promise.all(running)
      inHand.stop()
    },
  }
}

export function specOf<T>(
  broker: Broker,
  event: EventType<T>,
  { durable, key, ackWaitMs = defaultAckWaitMs, from = 'all', perInstance = false }: ConsumeOptions,
  shared: boolean,
): ConsumerSpec {
  const parts = [
    broker.service,
    durable,
    ...(shared ? [eventSlug(event)] : []),
    ...(perInstance ? [broker.instance] : []),
  ]
  return {
    stream: event.stream,
    name: consumerName(...parts),
    filter: filterOf(event, key),
    ackWaitMs,
    from,
    ...(perInstance ? { forgottenAfterMs } : {}),
  }
}

async function handleOne<T>(work: Work<T>, arrival: Arrival): Promise<void> {
  const { broker, event, spec, inHand, maxDeliver, handler } = work
  try {
    if (arrival.deliveries > maxDeliver) throw exhausted(arrival.deliveries)
    const delivery = deliveryOf(event, arrival, spec.stream)
    await traced(broker, delivery, spec, () => handler(delivery))
    inHand.acknowledge(arrival)
  } catch (thrown) {
    await settleFailed(work, arrival, thrown)
  }
}

async function settleFailed<T>(
  { broker, event, spec, inHand, maxDeliver }: Work<T>,
  arrival: Arrival,
  thrown: unknown,
): Promise<void> {
  const failure = toFailure(thrown)
  const outcome = outcomeOf(failure, arrival.deliveries, maxDeliver)
  switch (outcome.then) {
    case 'give-back':
      return inHand.giveBack(arrival)
    case 'retry':
      broker.telemetry.logger.warn('message will be tried again', {
        subject: arrival.subject,
        consumer: spec.name,
        deliveries: arrival.deliveries,
        after_ms: outcome.afterMs,
        error: failure,
      })
      return inHand.giveBack(arrival, outcome.afterMs)
    case 'dead-letter':
      try {
        await storeDeadLetter(broker, spec, event.subject, arrival, outcome.failure)
        inHand.refuse(arrival, outcome.failure.code)
      } catch (error) {
        broker.telemetry.logger.error('dead letter could not be stored; the message stays', {
          subject: arrival.subject,
          error,
        })
        inHand.giveBack(arrival, backoffMs(arrival.deliveries))
      }
  }
}

function traced<T>(broker: Broker, delivery: Delivery<T>, spec: ConsumerSpec, fn: () => Promise<void>): Promise<void> {
  const template = templateOf(delivery.type)
  const started = performance.now()
  const spanAttributes = {
    ...messagingAttributes('process', 'process', template),
    [attributes.messagingMessageId]: delivery.id,
    [attributes.messagingConsumerGroup]: spec.name,
    [attributes.deliveries]: delivery.deliveries,
  }
  return inSpan(
    broker.telemetry,
    `process ${template}`,
    { kind: SpanKind.CONSUMER, attributes: spanAttributes, parent: delivery.context },
    fn,
  ).finally(() => {
    broker.metrics.processed.record((performance.now() - started) / 1_000, {
      [attributes.messagingDestinationTemplate]: template,
    })
  })
}
