/**
 * Owns: the order in which a consumer that nobody else uses brings its messages.
 * 1. From one beginning to the next, the messages let through have rising sequences and none is left out. The broker counts
 *    its deliveries from 1 after a reset (ADR-60 of NATS); the first that does not continue the count, or goes back to a
 *    message that is not in hand any more, loses the order.
 * 2. Once the order is lost (by that, with the connection, or because a batch was given back) nothing is let through until
 *    the consumer has begun anew behind what was acknowledged.
 * 3. What is in hand then is not acknowledged any more, not even the batch that is handled: acknowledgements name the
 *    sequence only, and in a stream that was made again that is another message.
 * 4. It begins anew only when asked to, which is while no batch is handled; on an inbox of its own, so that what was asked
 *    for before reaches nobody.
 *
 * The count is what makes it certain: a broker that has not seen yet that a connection is gone delivers into the void, and
 * an earlier holder's last requests may take messages away after our reset.
 */
import type { Arrival } from './arrival.ts'
import type { BatchSource } from './batch-source.ts'
import type { Broker } from './broker.ts'
import { resetConsumer, type ConsumerSpec } from './consumer-config.ts'
import type { InHand } from './in-hand.ts'
import { backoffMs, pause } from './pause.ts'
import { openPuller, type Puller, type PullerEvents } from './puller.ts'

export interface ExclusiveEvents extends PullerEvents {
  /** All that was let through and is not acknowledged will come again. */
  onLost(): void
}

export class ExclusiveSource implements BatchSource {
  readonly #broker: Broker
  readonly #spec: ConsumerSpec
  readonly #inHand: InHand
  readonly #events: ExclusiveEvents
  readonly #stopping = new AbortController()
  #puller: Puller | undefined
  #lost = false
  #delivered = 0
  #lastSequence = 0

  private constructor(broker: Broker, spec: ConsumerSpec, inHand: InHand, events: ExclusiveEvents) {
    this.#broker = broker
    this.#spec = spec
    this.#inHand = inHand
    this.#events = events
  }

  static async open(
    broker: Broker,
    spec: ConsumerSpec,
    inHand: InHand,
    events: ExclusiveEvents,
  ): Promise<ExclusiveSource> {
    const source = new ExclusiveSource(broker, spec, inHand, events)
    const offReconnect = broker.onReconnect(() => source.#lose('the connection was lost'))
    source.#stopping.signal.addEventListener('abort', offReconnect)
    try {
      await source.#begin()
    } catch (thrown) {
      await source.stop()
      throw thrown
    }
    return source
  }

  get outstanding(): number {
    return this.#puller?.outstanding ?? 0
  }

  get lost(): boolean {
    return this.#lost
  }

  ask(batch: number, waitMs: number): void {
    if (!this.#lost) this.#puller?.ask(batch, waitMs)
  }

  giveBack(): void {
    this.#lose('a batch was given back')
  }

  async inOrder(): Promise<void> {
    const { logger } = this.#broker.telemetry
    for (let attempt = 1; this.#lost && !this.#stopping.signal.aborted; attempt++) {
      this.#lost = false
      try {
        await this.#begin()
      } catch (error) {
        this.#lost = true
        logger.warn('delivery cannot begin anew yet', { consumer: this.#spec.name, attempt, error })
        await pause(backoffMs(attempt, 100, 1_000), this.#stopping.signal)
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#puller?.abandon()
  }

  async #begin(): Promise<void> {
    this.#puller?.abandon()
    this.#puller = await openPuller(this.#broker, this.#spec, {
      onArrival: (arrival) => this.#onArrival(arrival),
      onEnd: (missing) => this.#events.onEnd(missing),
    })
    if (this.#stopping.signal.aborted) return this.#puller.abandon()
    await resetConsumer(this.#broker, this.#spec)
    this.#delivered = 0
    this.#lastSequence = 0
  }

  #onArrival(arrival: Arrival): void {
    if (this.#lost) return
    const known = this.#inHand.holds(arrival)
    if (arrival.consumerSequence !== this.#delivered + 1) return this.#lose('a delivery is missing')
    if (arrival.sequence <= this.#lastSequence && !known) return this.#lose('a message came again')
    this.#delivered++
    this.#lastSequence = Math.max(this.#lastSequence, arrival.sequence)
    this.#events.onArrival(arrival)
  }

  #lose(reason: string): void {
    if (this.#lost || this.#stopping.signal.aborted) return
    this.#lost = true
    this.#broker.telemetry.logger.info('delivery begins anew behind what was acknowledged', {
      consumer: this.#spec.name,
      reason,
    })
    this.#inHand.dropAll()
    this.#events.onLost()
  }
}
