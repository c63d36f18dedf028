import { DeliverPolicy, jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { logStream } from '../streams.ts'

export interface StoredFrame {
  sequence: number
  frame: Uint8Array
  /** Unix ms at which the broker stored it. */
  at: number
}

/** Every frame that is there, in order, up to the one that is the last when it is read. Whoever reads sees to gaps. */
export async function* readFrames(connection: NatsConnection, partition: number): AsyncGenerator<StoredFrame> {
  const consumer = await jetstream(connection).consumers.get(logStream(partition), {
    deliver_policy: DeliverPolicy.All,
  })
  if ((await consumer.info()).num_pending === 0) return
  const messages = await consumer.consume({ max_messages: 500 })
  try {
    for await (const message of messages) {
      yield { sequence: message.seq, frame: message.data, at: message.time.getTime() }
      if (message.info.pending === 0) return
    }
  } finally {
    await messages.close()
  }
}
