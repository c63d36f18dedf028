/**
 * Reads all of the workflow log, frame by frame, and says of each partition what is there and where it is damaged. It only
 * reads, and a platform may be running on it: a log that is cut meanwhile is read again.
 *
 * Held for each partition: the checksum of every frame, the chain from frame to frame (and from the snapshot to the log),
 * sequences without gaps, the snapshot and all its parts, and what `Revisions` holds of the workflows.
 */
import type { StreamInfo } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Terminal, toFailure } from '@pitcrew/errors'
import { decodeFrame, type WorkflowState } from '@pitcrew/workflow'
import { JetStreamSnapshots } from '../snapshots.ts'
import { logStream, snapshotStream } from '../streams.ts'
import { readFrames, type StoredFrame } from './read-frames.ts'
import { Revisions } from './revisions.ts'
import { snapshotManifest } from './snapshot-manifest.ts'
import { allStreams, callApi } from './stream-api.ts'

export interface Damage {
  /** Of the frame in its stream; absent when it is not one frame's. */
  sequence?: number
  code: string
  message: string
}

export interface PartitionReport {
  partition: number
  frames: number
  transitions: number
  bytes: number
  /** Open now: running, paused or pending. */
  open: number
  /** Ended within what is left of the log. */
  ended: number
  /** Sequence that the snapshot covers; null without one. */
  snapshot: number | null
  /** ISO 8601, of the first and the last frame; null in an empty log. */
  firstAt: string | null
  lastAt: string | null
  damaged: Damage | null
}

export interface VerifyOptions {
  onProgress?: (partition: number, frames: number) => void
}

const attempts = 5
const progressEvery = 1_000

/** @throws Terminal NO_LOG when there is none; Retryable BROKER_UNAVAILABLE */
export async function verifyWorkflows(
  connection: NatsConnection,
  options: VerifyOptions = {},
): Promise<PartitionReport[]> {
  const reports: PartitionReport[] = []
  for (const partition of await partitionsOf(connection)) reports.push(await verify(connection, partition, options))
  return reports
}

export const sound = (reports: readonly PartitionReport[]): boolean => reports.every(({ damaged }) => damaged === null)

/** As many as the streams say there are, whether or not each is there. */
async function partitionsOf(connection: NatsConnection): Promise<number[]> {
  const logs = (await allStreams(connection)).filter(({ config }) => /^WORKFLOW_LOG_\d+$/.test(config.name))
  const [first] = logs
  if (!first) throw new Terminal('NO_LOG', 'there is no workflow log on this broker', { hint: 'is it the right one?' })
  const count = Number(first.config.metadata?.['pitcrew-partitions'] ?? logs.length)
  return Array.from({ length: count }, (_, partition) => partition)
}

async function verify(connection: NatsConnection, partition: number, options: VerifyOptions): Promise<PartitionReport> {
  for (let attempt = 1; ; attempt++) {
    const reading = new Reading(connection, partition, options)
    await reading.run()
    const moved = reading.report.damaged !== null && attempt < attempts && (await reading.wasCut())
    if (!moved) return reading.report
  }
}

class Reading {
  readonly report: PartitionReport
  readonly #connection: NatsConnection
  readonly #options: VerifyOptions
  readonly #workflows = new Map<string, Pick<WorkflowState, 'revision' | 'status'>>()
  #revisions = new Revisions(true)
  #firstSequence = 1
  /** Of the chain, as the snapshot has it. */
  #snapshotChecksum = 0
  #checksum: number | undefined
  #sequence = 0

  constructor(connection: NatsConnection, partition: number, options: VerifyOptions) {
    this.#connection = connection
    this.#options = options
    const counts = { frames: 0, transitions: 0, bytes: 0, open: 0, ended: 0 }
    this.report = { partition, ...counts, snapshot: null, firstAt: null, lastAt: null, damaged: null }
  }

  async run(): Promise<void> {
    try {
      this.#firstSequence = (await this.#info(logStream)).state.first_seq
      await this.#readSnapshot()
      await this.#begin()
      for await (const stored of readFrames(this.#connection, this.report.partition)) this.#take(stored)
      this.#finish()
    } catch (thrown) {
      this.#damaged(thrown)
    }
    this.report.open = this.#revisions.open
    this.report.ended = this.#revisions.ends
  }

  /** Whether the log was cut since the reading began, which looks like damage to whoever reads. */
  async wasCut(): Promise<boolean> {
    const info = await this.#info(logStream).catch(() => undefined)
    return info !== undefined && info.state.first_seq > this.#firstSequence
  }

  async #readSnapshot(): Promise<void> {
    await this.#refuseTornSnapshot()
    const snapshot = await new JetStreamSnapshots(this.#connection, this.report.partition, async () => {}).load()
    if (!snapshot) return
    for await (const some of snapshot.workflows) {
      for (const json of some) {
        const { id, revision, status } = JSON.parse(json) as WorkflowState
        this.#workflows.set(id, { revision, status })
      }
    }
    // To the end, which is when damage shows.
    await snapshot.ended()
    this.report.snapshot = snapshot.sequence
    this.#snapshotChecksum = snapshot.checksum
  }

  /** The engine only ever takes away what lies before the last snapshot. Reading would wait long for what is not there. */
  async #refuseTornSnapshot(): Promise<void> {
    const manifest = await snapshotManifest(this.#connection, this.report.partition)
    const { state } = await this.#info(snapshotStream)
    const parts = manifest ? manifest.chunks + manifest.ended : 0
    if ((state.num_deleted ?? 0) === 0 && (parts === 0 || state.first_seq <= manifest!.first)) return
    throw new Terminal('SNAPSHOT_DAMAGED', 'parts of the snapshot are gone', { hint })
  }

  async #begin(): Promise<void> {
    const { state } = await this.#info(logStream)
    const covered = this.report.snapshot ?? 0
    if (covered > state.last_seq) throw gone(`the snapshot covers ${covered}, the log ends at ${state.last_seq}`)
    const begins = state.messages === 0 ? state.last_seq + 1 : state.first_seq
    if (begins > covered + 1) throw gone(`the log begins at ${begins}, the snapshot covers up to ${covered}`)
    this.#sequence = begins - 1
    this.#revisions = new Revisions(begins <= 1)
    if (this.#sequence === 0) this.#checksum = 0
    this.#meetSnapshot()
  }

  #take({ sequence, frame, at }: StoredFrame): void {
    if (sequence !== this.#sequence + 1) throw gone(`frame ${this.#sequence + 1} is not there`)
    this.#sequence = sequence
    const { entries, checksum } = decodeFrame(frame, this.#checksum)
    this.#checksum = checksum
    for (const entry of entries) this.#revisions.take(entry)
    const { report } = this
    report.frames++
    report.transitions += entries.length
    report.bytes += frame.length
    report.lastAt = new Date(at).toISOString()
    report.firstAt ??= report.lastAt
    this.#meetSnapshot()
    if (report.frames % progressEvery === 0) this.#options.onProgress?.(report.partition, report.frames)
  }

  #meetSnapshot(): void {
    if (this.report.snapshot !== this.#sequence) return
    if (this.#checksum !== undefined && this.#checksum !== this.#snapshotChecksum)
      throw gone(`the snapshot at ${this.#sequence} follows from another log`)
    this.#checksum = this.#snapshotChecksum
    this.#revisions.meet(this.#workflows)
  }

  #finish(): void {
    this.#options.onProgress?.(this.report.partition, this.report.frames)
  }

  /** What the broker did not answer is no damage. */
  #damaged(thrown: unknown): void {
    const { kind, code, message } = toFailure(thrown)
    if (kind === 'retryable' && code !== 'INTERNAL') throw thrown
    const place = this.#sequence > 0 ? { sequence: this.#sequence } : {}
    this.report.damaged = { ...place, code: code === 'INTERNAL' ? 'UNREADABLE' : code, message }
  }

  #info(streamOf: (partition: number) => string): Promise<StreamInfo> {
    return callApi<StreamInfo>(this.#connection, `STREAM.INFO.${streamOf(this.report.partition)}`)
  }
}

const hint = 'keep the data as it is, and restore a backup onto a new broker'
const gone = (why: string): Terminal => new Terminal('LOG_DAMAGED', why, { hint })
