/**
 * Snapshots as messages: chunks, then a manifest that names them. Only a manifest makes a snapshot, and it replaces the one
 * before only if that is still the one this leader knows, so a leader that was deposed cannot put an old one in front.
 */
import { crc32 } from 'node:zlib'
import { DeliverPolicy, jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'
import type { SavedSnapshot, Snapshots, SnapshotWriter } from '@pitcrew/workflow'
import { chunkSubject, manifestSubject, snapshotStream } from './streams.ts'

export interface Manifest {
  sequence: number
  checksum: number
  /** Sequence of the first chunk in the snapshot stream; nothing else is written to it up to the manifest. */
  first: number
  chunks: number
  /** Chunks with ids of ended workflows, behind the others. */
  ended: number
  /** CRC-32 over all chunks, workflows first. */
  content: number
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
    let content = 0
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
      content = crc32(chunk, content)
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
        await this.#commit({
          sequence,
          checksum,
          first,
          chunks: workflowChunks,
          ended: chunks - workflowChunks,
          content,
        })
      },
    }
  }

  async load(): Promise<SavedSnapshot | undefined> {
    const manager = await jetstreamManager(this.#connection)
    const stream = snapshotStream(this.#partition)
    const last = await manager.streams.getMessage(stream, { last_by_subj: manifestSubject(this.#partition) })
    if (!last) return undefined
    this.#manifestSequence = last.seq
    const manifest = last.json<Manifest>()
    const { sequence, checksum, first, chunks } = manifest
    const { state } = await manager.streams.info(stream)
    if (manifest.chunks + manifest.ended > 0 && state.first_seq > first)
      throw damaged(this.#partition, `its chunks before ${state.first_seq} are gone`)
    const all = this.#chunks(manifest)
    const workflows = async function* (): AsyncGenerator<string[]> {
      for (let read = 0; read < chunks; read++) yield (await all.next()).value ?? []
    }
    const ended = async (): Promise<[string, number][]> => {
      const taken: [string, number][] = []
      for await (const lines of all) for (const line of lines) taken.push(JSON.parse(line) as [string, number])
      return taken
    }
    return { sequence, checksum, workflows: workflows(), ended }
  }

  async #commit(manifest: Manifest): Promise<void> {
    const options = { expect: { lastSubjectSequence: this.#manifestSequence } }
    const ack = await this.#client.publish(manifestSubject(this.#partition), JSON.stringify(manifest), options)
    this.#manifestSequence = ack.seq
    const manager = await jetstreamManager(this.#connection)
    await manager.streams.purge(snapshotStream(this.#partition), { seq: manifest.first || ack.seq })
    await this.#saved(manifest.sequence)
  }

  /** All of them in order; whoever reads to the end knows that they are the ones that were written. */
  async *#chunks({ first, chunks, ended, content }: Manifest): AsyncGenerator<string[], undefined> {
    const count = chunks + ended
    if (count === 0) return
    const from = {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: first,
      filter_subjects: [chunkSubject(this.#partition)],
    }
    const consumer = await this.#client.consumers.get(snapshotStream(this.#partition), from)
    let read = 0
    let found = 0
    try {
      const messages = await consumer.fetch({ max_messages: count, expires: readWithinMs })
      for await (const message of messages) {
        found = crc32(message.data, found)
        yield linesOf(message.data)
        if (++read === count) break
      }
    } finally {
      await consumer.delete().catch(() => false)
    }
    if (read < count) throw damaged(this.#partition, `${read} of ${count} chunks are there`)
    if (found !== content) throw damaged(this.#partition, 'its chunks are not as they were written')
  }
}

const damaged = (partition: number, why: string): Terminal =>
  new Terminal('SNAPSHOT_DAMAGED', `the snapshot of partition ${partition} cannot be read: ${why}`, {
    hint: 'restore the log from a backup',
  })

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
