import { DeliverPolicy, jetstream, jetstreamManager, JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Retryable, Terminal } from '@pitcrew/errors'
import type { Log } from '@pitcrew/workflow'
import { logStream, logSubject } from './streams.ts'

/** https://github.com/nats-io/nats-server/blob/main/server/errors.json: JSStreamWrongLastSequenceErrF, ...ConstantErr */
const wrongLastSequence = [10071, 10164]
const appendTimeoutMs = 4_000

/** A partition's log as a stream: the broker compares the last sequence, so a writer that lost the lease cannot write. */
export class JetStreamLog implements Log {
  readonly #connection: NatsConnection
  readonly #client: JetStreamClient
  readonly #partition: number

  constructor(connection: NatsConnection, partition: number) {
    this.#connection = connection
    this.#client = jetstream(connection)
    this.#partition = partition
  }

  async append(frame: Uint8Array, expected: number): Promise<number> {
    try {
      const options = { expect: { lastSequence: expected }, timeout: appendTimeoutMs }
      const ack = await this.#client.publish(logSubject(this.#partition), frame, options)
      return ack.seq
    } catch (error) {
      if (error instanceof JetStreamApiError && wrongLastSequence.includes(error.code)) {
        throw new Terminal('FENCED', `another instance has written to partition ${this.#partition}`, { cause: error })
      }
      throw new Retryable('LOG_UNAVAILABLE', `partition ${this.#partition}: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }

  async *read(sequence: number): AsyncIterable<{ sequence: number; frame: Uint8Array }> {
    const manager = await jetstreamManager(this.#connection)
    const { state } = await manager.streams.info(logStream(this.#partition))
    if (state.last_seq <= sequence || state.messages === 0) {
      if (state.last_seq > sequence) throw cut(this.#partition, sequence, state.last_seq)
      return
    }
    if (state.first_seq > sequence + 1) throw cut(this.#partition, sequence, state.first_seq - 1)
    const from = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: sequence + 1 }
    const consumer = await this.#client.consumers.get(logStream(this.#partition), from)
    const messages = await consumer.consume({ max_messages: 1_000 })
    try {
      for await (const message of messages) {
        yield { sequence: message.seq, frame: message.data }
        if (message.seq >= state.last_seq) return
      }
    } finally {
      await messages.close()
      await consumer.delete().catch(() => false)
    }
  }

  /** Drops what a snapshot covers and `projected` has seen. */
  async cut(upTo: number): Promise<void> {
    const manager = await jetstreamManager(this.#connection)
    await manager.streams.purge(logStream(this.#partition), { seq: upTo + 1 })
  }
}

const cut = (partition: number, have: number, need: number): Terminal =>
  new Terminal(
    'LOG_DAMAGED',
    `partition ${partition}: the snapshot ends at ${have}, but the log before ${need} is gone`,
    {
      hint: 'restore the log from a backup',
    },
  )
