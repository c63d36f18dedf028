/**
 * Snapshots as messages: chunks, then a manifest that names them. Only a manifest makes a snapshot, and it replaces the one
 * before only if that is still the one this leader knows, so a leader that was deposed cannot put an old one in front.
 */
import { DeliverPolicy, jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Terminal } from '@pitcrew/errors'
import type { Snapshot, Snapshots } from '@pitcrew/workflow'
import { chunkSubject, manifestSubject, snapshotStream } from './streams.ts'

interface Manifest {
  sequence: number
  checksum: number
  /** Sequences in the snapshot stream; 0 chunks is an empty partition. */
  first: number
  chunks: number
}

type Line = { workflow: string } | { ended: [string, number][] }

const chunkBytes = 512 * 1024

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

  async save({ sequence, checksum, workflows, ended }: Snapshot): Promise<void> {
    let first = 0
    let chunks = 0
    for (const chunk of chunked([...workflows.map((workflow) => ({ workflow })), { ended }])) {
      const { seq } = await this.#client.publish(chunkSubject(this.#partition), JSON.stringify(chunk))
      first ||= seq
      chunks++
    }
    const manifest: Manifest = { sequence, checksum, first, chunks }
    const options = { expect: { lastSubjectSequence: this.#manifestSequence } }
    const ack = await this.#client.publish(manifestSubject(this.#partition), JSON.stringify(manifest), options)
    this.#manifestSequence = ack.seq
    const manager = await jetstreamManager(this.#connection)
    await manager.streams.purge(snapshotStream(this.#partition), { seq: first })
    await this.#saved(sequence)
  }

  async load(): Promise<Snapshot | undefined> {
    const manager = await jetstreamManager(this.#connection)
    const stream = snapshotStream(this.#partition)
    const last = await manager.streams.getMessage(stream, { last_by_subj: manifestSubject(this.#partition) })
    if (!last) return undefined
    this.#manifestSequence = last.seq
    const manifest = last.json<Manifest>()
    const lines = await this.#readChunks(manifest)
    return {
      sequence: manifest.sequence,
      checksum: manifest.checksum,
      workflows: lines.flatMap((line) => ('workflow' in line ? [line.workflow] : [])),
      ended: lines.flatMap((line) => ('ended' in line ? line.ended : [])),
    }
  }

  async #readChunks({ first, chunks }: Manifest): Promise<Line[]> {
    const from = {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: first,
      filter_subjects: [chunkSubject(this.#partition)],
    }
    const consumer = await this.#client.consumers.get(snapshotStream(this.#partition), from)
    const messages = await consumer.fetch({ max_messages: chunks, expires: 10_000 })
    const lines: Line[] = []
    let read = 0
    for await (const message of messages) {
      lines.push(...message.json<Line[]>())
      if (++read === chunks) break
    }
    await consumer.delete().catch(() => false)
    if (read === chunks) return lines
    throw new Terminal('SNAPSHOT_DAMAGED', `partition ${this.#partition}: ${read} of ${chunks} chunks are there`, {
      hint: 'restore the log from a backup',
    })
  }
}

function* chunked(lines: Line[]): Generator<Line[]> {
  let chunk: Line[] = []
  let bytes = 0
  for (const line of lines) {
    const size = 'workflow' in line ? line.workflow.length : 64 * line.ended.length
    if (chunk.length > 0 && bytes + size > chunkBytes) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(line)
    bytes += size
  }
  if (chunk.length > 0) yield chunk
}
