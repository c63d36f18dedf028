/**
 * Snapshots as messages: chunks, then a manifest that names them. Only a manifest makes a snapshot, and it replaces the one
 * before only if that is still the one this leader knows, so a leader that was deposed cannot put an old one in front.
 */
import { DeliverPolicy, jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'
import type { Snapshot, Snapshots, SnapshotWriter } from '@pitcrew/workflow'
import { chunkSubject, manifestSubject, snapshotStream } from './streams.ts'

export interface Manifest {
  sequence: number
  checksum: number
  /** Sequence of the first chunk in the snapshot stream; nothing else is written to it up to the manifest. */
  first: number
  chunks: number
  ended: number
}

/** Characters in a chunk: at most three bytes each in UTF-8, and a broker takes 1 MiB by default. */
const chunkLength = 256 * 1024
const readWithinMs = 30_000

export class JetStreamSnapshots implements Snapshots {
  readonly #connection: NatsConnection
  readonly #client: JetStreamClient
  readonly #partition: number
  /** Called with the log sequence that a durable snapshot covers. */
  readonly #saved: (sequence: number) => Promise<void>
  #manifestSequence = 0

  constructor(connection: NatsConnection, partition: number, saved: (sequence: number) => Promise<void>) {
    this.#connection = connection
    this.#client = jetstream(connection)
    this.#partition = partition
    this.#saved = saved
  }

  begin(): SnapshotWriter {
    let first = 0
    let chunks = 0
    let lines: string[] = []
    let length = 0
    const flush = async (): Promise<void> => {
      if (lines.length === 0) return
      // JSON has no raw line breaks.
      const chunk = lines.join('\n')
      lines = []
      length = 0
      const { seq } = await this.#client.publish(chunkSubject(this.#partition), chunk)
      first ||= seq
      chunks++
    }
    const put = async (text: string): Promise<void> => {
      if (length + text.length > chunkLength) await flush()
      lines.push(text)
      length += text.length
    }
    return {
      add: async (workflows) => {
        for (const text of workflows) await put(text)
      },
      commit: async ({ sequence, checksum, ended }) => {
        await flush()
        const workflowChunks = chunks
        for (const one of ended) await put(JSON.stringify(one))
        await flush()
        await this.#commit({ sequence, checksum, first, chunks: workflowChunks, ended: chunks - workflowChunks })
      },
    }
  }

  async load(): Promise<Snapshot | undefined> {
    const manager = await jetstreamManager(this.#connection)
    const stream = snapshotStream(this.#partition)
    const last = await manager.streams.getMessage(stream, { last_by_subj: manifestSubject(this.#partition) })
    if (!last) return undefined
    this.#manifestSequence = last.seq
    const { sequence, checksum, first, chunks, ended } = last.json<Manifest>()
    const taken: [string, number][] = []
    for await (const lines of this.#chunks(first + chunks, ended))
      for (const line of lines) taken.push(JSON.parse(line) as [string, number])
    return { sequence, checksum, ended: taken, workflows: this.#chunks(first, chunks) }
  }

  async #commit(manifest: Manifest): Promise<void> {
    const options = { expect: { lastSubjectSequence: this.#manifestSequence } }
    const ack = await this.#client.publish(manifestSubject(this.#partition), JSON.stringify(manifest), options)
    this.#manifestSequence = ack.seq
    const manager = await jetstreamManager(this.#connection)
    await manager.streams.purge(snapshotStream(this.#partition), { seq: manifest.first || ack.seq })
    await this.#saved(manifest.sequence)
  }

  async *#chunks(first: number, count: number): AsyncGenerator<string[]> {
    if (count === 0) return
    const from = {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: first,
      filter_subjects: [chunkSubject(this.#partition)],
    }
    const consumer = await this.#client.consumers.get(snapshotStream(this.#partition), from)
    let read = 0
    try {
      const messages = await consumer.fetch({ max_messages: count, expires: readWithinMs })
      for await (const message of messages) {
        yield linesOf(message.data)
        if (++read === count) return
      }
    } finally {
      await consumer.delete().catch(() => false)
    }
    throw new Terminal('SNAPSHOT_DAMAGED', `partition ${this.#partition}: ${read} of ${count} chunks are there`, {
      hint: 'restore the log from a backup',
    })
  }
}

/** Each a text of its own, not a slice that would keep the whole chunk in memory. */
function linesOf(data: Uint8Array): string[] {
  const chunk = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const lines: string[] = []
  for (let from = 0; from < chunk.length;) {
    const end = chunk.indexOf(10, from)
    const to = end < 0 ? chunk.length : end
    lines.push(chunk.toString('utf8', from, to))
    from = to + 1
  }
  return lines
}
