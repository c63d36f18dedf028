/**
 * Owns: the one batch of an event and purpose that is being handled.
 * 1. Batches are handled one at a time, in the order in which they were delivered.
 * 2. A batch that fails is tried again before anything behind it.
 * 3. Only messages at fault go to the dead letter: a batch that failed for good is handled again message by message.
 * 4. An exclusive consumer never handles a message for the first time after a later one, whatever happens to the connection,
 *    the broker or the durable: it goes back only to begin anew behind what was acknowledged (see exclusive-source.ts).
 */
import { SpanKind, trace, type Link } from '@opentelemetry/api'
import type { EventType } from '@pitcrew/contracts'
import { Cancelled, toFailure } from '@pitcrew/errors'
import { attributes, inSpan } from '@pitcrew/observability'
import type { Arrival } from './arrival.ts'
import type { BatchGatherer } from './batch-gatherer.ts'
import type { BatchSource } from './batch-source.ts'
import { messagingAttributes, type Broker } from './broker.ts'
import type { ConsumerSpec } from './consumer-config.ts'
import { storeDeadLetter } from './dead-letter.ts'
import { deliveryOf } from './delivery.ts'
import type { InHand } from './in-hand.ts'
import type { Delivery } from './messaging.ts'
import { outcomeOf } from './outcome.ts'
import { backoffMs, pause } from './pause.ts'
import { templateOf } from './subjects.ts'

export type BatchHandler<T> = (batch: Delivery<T>[]) => Promise<void>

export interface BatchWork<T> {
  broker: Broker
  event: EventType<T>
  spec: ConsumerSpec
  inHand: InHand
  handler: BatchHandler<T>
  maxDeliver: number
}

interface Item<T> {
  arrival: Arrival
  delivery: Delivery<T>
}

/** Links on one span; more would say no more. */
const mostLinks = 32

export class BatchConsumer<T> {
  readonly #work: BatchWork<T>
  readonly #stopping = new AbortController()

  constructor(work: BatchWork<T>) {
    this.#work = work
  }

  stop(): void {
    this.#stopping.abort()
  }

  async run(gatherer: BatchGatherer, source: BatchSource): Promise<void> {
    const { broker, spec } = this.#work
    while (!this.#stopping.signal.aborted) {
      const batch = await gatherer.next()
      try {
        await this.#handle(await this.#decode(batch))
      } catch (thrown) {
        broker.telemetry.logger.info('batch given back', { consumer: spec.name, error: toFailure(thrown) })
        source.giveBack(batch)
      }
      gatherer.askForMore()
    }
  }

  async #decode(batch: Arrival[]): Promise<Item<T>[]> {
    const items: Item<T>[] = []
    for (const arrival of batch) {
      try {
        items.push({ arrival, delivery: deliveryOf(this.#work.event, arrival, this.#work.spec.stream) })
      } catch (thrown) {
        await this.#refuse(arrival, thrown)
      }
    }
    return items
  }

  async #handle(items: Item<T>[]): Promise<void> {
    const { broker, spec, inHand, maxDeliver } = this.#work
    for (let attempt = 1; items.length > 0; attempt++) {
      try {
        await this.#traced(items.map(({ delivery }) => delivery))
        for (const { arrival } of items) inHand.acknowledge(arrival)
        return
      } catch (thrown) {
        const outcome = outcomeOf(toFailure(thrown), attempt, maxDeliver)
        if (outcome.then === 'dead-letter') return this.#refuseThoseAtFault(items, thrown)
        if (outcome.then === 'give-back' || this.#stopping.signal.aborted) throw thrown
        broker.telemetry.logger.warn('batch will be tried again', {
          consumer: spec.name,
          attempt,
          error: toFailure(thrown),
        })
        await pause(outcome.afterMs, this.#stopping.signal)
      }
    }
  }

  async #refuseThoseAtFault(items: Item<T>[], thrown: unknown): Promise<void> {
    const [first] = items
    if (items.length === 1 && first !== undefined) return this.#refuse(first.arrival, thrown)
    for (const item of items) await this.#handle([item])
  }

  /** Until it is stored or we are stopped: order forbids to go on without. */
  async #refuse(arrival: Arrival, thrown: unknown): Promise<void> {
    const { broker, event, spec, inHand } = this.#work
    const failure = toFailure(thrown)
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      try {
        await storeDeadLetter(broker, spec, event.subject, arrival, failure)
        return inHand.refuse(arrival, failure.code)
      } catch (error) {
        broker.telemetry.logger.error('dead letter could not be stored; the message stays', {
          consumer: spec.name,
          attempt,
          error,
        })
        await pause(backoffMs(attempt), this.#stopping.signal)
      }
    }
    throw new Cancelled('STOPPING', 'stopped before the dead letter was stored')
  }

  async #traced(batch: Delivery<T>[]): Promise<void> {
    const { broker, event, handler } = this.#work
    const template = templateOf(event)
    const started = performance.now()
    const links = linksOf(batch)
    // A batch of one sender's messages continues its trace; of many, no one of them is the parent.
    const parent = links.length === 1 ? batch[0]?.context : undefined
    const spanAttributes = {
      ...messagingAttributes('process', 'process', template),
      [attributes.messagingBatchCount]: batch.length,
    }
    try {
      await inSpan(
        broker.telemetry,
        `process ${template}`,
        { kind: SpanKind.CONSUMER, attributes: spanAttributes, links, parent },
        () => handler(batch),
      )
    } finally {
      broker.metrics.processed.record((performance.now() - started) / 1_000, {
        [attributes.messagingDestinationTemplate]: template,
      })
    }
  }
}

function linksOf(batch: readonly Delivery<unknown>[]): Link[] {
  const links = new Map<string, Link>()
  for (const { context } of batch) {
    const sender = trace.getSpanContext(context)
    if (sender !== undefined && links.size < mostLinks) links.set(sender.spanId, { context: sender })
  }
  return [...links.values()]
}
