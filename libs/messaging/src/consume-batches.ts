import type { EventType } from '@pitcrew/contracts'
import { BatchConsumer, type BatchHandler } from './batch-consumer.ts'
import { BatchGatherer } from './batch-gatherer.ts'
import type { Broker } from './broker.ts'
import { defaultAckWaitMs, specOf } from './consume.ts'
import { ensureConsumer, resetConsumer } from './consumer-config.ts'
import { holdInHand } from './in-hand.ts'
import type { BatchOptions, Subscription } from './messaging.ts'
import { openPuller } from './puller.ts'

export async function consumeBatches<T>(
  broker: Broker,
  event: EventType<T>,
  options: BatchOptions,
  handler: BatchHandler<T>,
): Promise<Subscription> {
  const spec = specOf(broker, event, options, false)
  if (options.exclusive) {
    await ensureConsumer(broker, spec)
    await resetConsumer(broker, spec)
  }
  const inHand = holdInHand(broker.connection, options.ackWaitMs ?? defaultAckWaitMs)
  const gatherer = new BatchGatherer(options, inHand)
  const puller = await openPuller(broker, spec, {
    onArrival(arrival) {
      broker.metrics.backlog.record(arrival.pending, { consumer: spec.name })
      gatherer.add(arrival)
    },
    onEnd: () => gatherer.askForMore(),
  })
  gatherer.start(puller)
  const consumer = new BatchConsumer({ broker, event, spec, inHand, handler, maxDeliver: options.maxDeliver ?? 20 })
  const consuming = consumer.run(gatherer)
  return {
    async stop() {
      gatherer.stop()
      consumer.stop()
      await Promise.all([puller.stop(), consuming])
      gatherer.giveBack()
      inHand.stop()
    },
  }
}
