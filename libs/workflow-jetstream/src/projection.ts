/**
 * Reads the log in order, frame by frame, for whoever keeps a view of it. What was taken in is acknowledged after the
 * handler, so a view that is kept in the same transaction as the sequence misses nothing and takes nothing twice.
 */
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { toFailure, type Failure } from '@pitcrew/errors'
import { decodeFrame, type Entry } from '@pitcrew/workflow'
import { logStream } from './streams.ts'

export interface ProjectionOptions {
  connection: NatsConnection
  partition: number
  /** Name of the durable consumer. */
  durable: string
  handler: (entries: Entry[], sequence: number) => Promise<void>
  onTrouble: (failure: Failure) => void
}

export interface Projection {
  /** Sequence up to which everything was taken in, by whichever instance. */
  sequence(): Promise<number>
  stop(): Promise<void>
}

export async function projectLog({
  connection,
  partition,
  durable,
  handler,
  onTrouble,
}: ProjectionOptions): Promise<Projection> {
  const manager = await jetstreamManager(connection)
  const stream = logStream(partition)
  await manager.consumers.add(stream, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 1_000,
    ack_wait: 30_000_000_000,
  })
  const consumer = await jetstream(connection).consumers.get(stream, durable)
  const messages = await consumer.consume({ max_messages: 100 })
  let stopping = false
  const running = (async () => {
    for await (const message of messages) {
      // In place, since the frames behind may not overtake.
      while (!stopping) {
        try {
          await handler(decodeFrame(message.data).entries, message.seq)
          message.ack()
          break
        } catch (error) {
          onTrouble(toFailure(error))
          message.working()
          await new Promise((resolve) => setTimeout(resolve, 1_000))
        }
      }
    }
  })()
  return {
    sequence: async () => (await manager.consumers.info(stream, durable)).ack_floor.stream_seq,
    stop: async () => {
      stopping = true
      await messages.close()
      await running
    },
  }
}
