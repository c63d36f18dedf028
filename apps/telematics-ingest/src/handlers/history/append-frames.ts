/**
 * Owns: the history of one partition while this instance holds it in one epoch.
 * 1. A frame at or below the partition's position is in history already; one above is not.
 * 2. A batch resolves, and so is acknowledged, only when its readings and the new position are committed together.
 * 3. After a failure the position is read again: what was committed although its answer was lost is not written twice.
 */
import type { telemetry } from '@pitcrew/contracts'
import type { Delivery } from '@pitcrew/messaging'
import { segmentsOf } from '../../domain/history/readings.ts'
import type { HistoryMetrics } from './metrics.ts'
import type { HistoryStore, Lease, Position } from './ports.ts'

type Frame = Delivery<telemetry.Frame>

export interface AppendParts {
  lease: Lease
  store: Pick<HistoryStore, 'position' | 'signals' | 'append'>
  metrics: HistoryMetrics
  /** Sequence of the newest stored frame of the vehicle; undefined when there is none. */
  newestSequence(vehicleId: string): Promise<number | undefined>
  now(): number
}

export class AppendFrames {
  readonly #parts: AppendParts
  #position: Position | undefined

  constructor(parts: AppendParts) {
    this.#parts = parts
  }

  async handle(batch: readonly Frame[]): Promise<void> {
    const { lease, store, metrics, now } = this.#parts
    const last = batch.at(-1)
    if (last === undefined) return
    const from = await this.#noticeNewStream(this.#position ?? (await store.position(lease.partition)), batch[0]!)
    this.#position = undefined
    const fresh = batch.filter(({ sequence }) => sequence > from.after)
    const to = { sequence: last.sequence, vehicleId: last.message.vehicleId }
    if (fresh.length > 0) {
      const signals = await store.signals([...pathsOf(fresh)])
      const frames = fresh.map(({ message }) => message).filter(({ readings }) => readings.length > 0)
      const segments = segmentsOf(frames, (path) => signals.get(path)!)
      await store.append(lease, { from: from.position, to }, segments)
      metrics.written(fresh.length, segments, now() - fresh[0]!.message.receivedTimeMs)
    }
    this.#position = fresh.length > 0 ? to : from.position
    metrics.repeated(batch.length - fresh.length)
  }

  /**
   * A broker that lost its data counts from 1 again, and every frame would seem to be written already. In the stream that the
   * position is of, the newest frame of its vehicle is never older than the position.
   */
  async #noticeNewStream(position: Position, first: Frame): Promise<{ position: Position; after: number }> {
    if (first.sequence > position.sequence) return { position, after: position.sequence }
    const newest = await this.#parts.newestSequence(position.vehicleId)
    const another = newest === undefined || newest < position.sequence
    return { position, after: another ? 0 : position.sequence }
  }
}

function pathsOf(frames: readonly Frame[]): Set<string> {
  const paths = new Set<string>()
  for (const { message } of frames) for (const { path } of message.readings) paths.add(path)
  return paths
}
