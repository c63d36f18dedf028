/** Where a batch consumer's messages come from: a durable that instances share, or one that is this one's alone. */
import type { Arrival } from './arrival.ts'
import type { Broker } from './broker.ts'
import type { ConsumerSpec } from './consumer-config.ts'
import type { InHand } from './in-hand.ts'
import { openPuller, type PullerEvents } from './puller.ts'

export interface BatchSource {
  readonly outstanding: number
  /** It lets nothing through until `inOrder` has resolved. */
  readonly lost: boolean
  ask(batch: number, waitMs: number): void
  giveBack(arrivals: Arrival[]): void
  /** Resolves at once unless the order was lost; then when delivery has begun anew, or was stopped. */
  inOrder(): Promise<void>
  stop(): Promise<void>
}

/** What is given back may go to another instance: there is no order to lose. */
export async function sharedSource(
  broker: Broker,
  spec: ConsumerSpec,
  inHand: InHand,
  events: PullerEvents,
): Promise<BatchSource> {
  const puller = await openPuller(broker, spec, events)
  return {
    get outstanding() {
      return puller.outstanding
    },
    lost: false,
    ask: (batch, waitMs) => puller.ask(batch, waitMs),
    giveBack(arrivals) {
      for (const arrival of arrivals) inHand.giveBack(arrival)
    },
    inOrder: () => Promise.resolve(),
    stop: () => puller.stop(),
  }
}
