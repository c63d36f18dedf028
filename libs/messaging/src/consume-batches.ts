import type { EventType } from '@pitcrew/contracts'
import type { Arrival } from './arrival.ts'
import { BatchConsumer, type BatchHandler } from './batch-consumer.ts'
import { BatchGatherer } from './batch-gatherer.ts'
import { sharedSource } from './batch-source.ts'
import type { Broker } from './broker.ts'
import { defaultAckWaitMs, specOf } from './consume.ts'
import { ExclusiveSource } from './exclusive-source.ts'
import { holdInHand } from './in-hand.ts'
import type { BatchOptions, Subscription } from './messaging.ts'

export async function consumeBatches<T>(
  broker: Broker,
  event: EventType<T>,
  options: BatchOptions,
  handler: BatchHandler<T>,
): Promise<Subscription> {
  const spec = specOf(broker, event, options, false)
  const inHand = holdInHand(broker.connection, options.ackWaitMs ?? defaultAckWaitMs)
  const gatherer = new BatchGatherer(options, inHand)
  const events = {
    onArrival(arrival: Arrival) {
      broker.metrics.backlog.record(arrival.pending, { consumer: spec.name })
      gatherer.add(arrival)
    },
    onEnd: () => gatherer.askForMore(),
    onLost: () => gatherer.drop(),
  }
  const source = options.exclusive
    ? await ExclusiveSource.open(broker, spec, inHand, events)
    : await sharedSource(broker, spec, inHand, events)
  gatherer.start(source)
  const consumer = new BatchConsumer({ broker, event, spec, inHand, handler, maxDeliver: options.maxDeliver ?? 20 })
  const consuming = consumer.run(gatherer, source)
  return {
    async stop() {
      gatherer.stop()
      consumer.stop()
      await Promise.all([source.stop(), consuming])
      gatherer.giveBack()
      inHand.stop()
    },
  }
}
