/** Takes this instance's share of the telemetry partitions and writes down what comes in on them. */
import { setImmediate } from 'node:timers/promises'
import { events, telemetryPartitions } from '@pitcrew/contracts'
import { holdPartitions, type Messaging } from '@pitcrew/messaging'
import { hourMs } from '../../domain/history/level.ts'
import { AppendFrames } from './append-frames.ts'
import type { HistoryMetrics } from './metrics.ts'
import type { HistoryStore, Lease } from './ports.ts'

export interface KeepOptions {
  messaging: Messaging
  instance: string
  store: HistoryStore
  metrics: HistoryMetrics
  /** Frames of a partition that are written at once; twice as many are in memory. */
  batchFrames: number
  /** How long they may gather. */
  batchWaitMs: number
  now(): number
}

export interface HistoryKeeping {
  held(): number[]
  /** Merges and rolls up the hours that ended `afterMs` ago or earlier, in the partitions held. */
  mergeEnded(afterMs: number, signal?: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/** Hours of vehicles that are looked up at a time. */
const mergedAtOnce = 50
/** Nothing depends on a quick redelivery: a new holder begins anew by itself. */
const ackWaitMs = 60_000

export async function keepHistory(options: KeepOptions): Promise<HistoryKeeping> {
  const { messaging, instance, store, now } = options
  const held = new Map<number, Lease>()
  const holding = await holdPartitions({
    messaging,
    instance,
    group: 'history',
    partitions: telemetryPartitions,
    async onAcquire(partition, epoch) {
      const lease = { partition, epoch }
      await store.claim(lease)
      const subscription = await consumePartition(options, lease)
      held.set(partition, lease)
      return {
        async release() {
          held.delete(partition)
          await subscription.stop()
        },
      }
    },
  })
  return {
    held: () => [...held.keys()],
    async mergeEnded(afterMs, signal) {
      const beforeHour = Math.floor((now() - afterMs) / hourMs)
      for (const lease of [...held.values()]) await mergePartition(store, lease, beforeHour, signal)
    },
    stop: () => holding.stop(),
  }
}

async function mergePartition(
  store: HistoryStore,
  lease: Lease,
  beforeHour: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  while (!signal?.aborted) {
    const hours = await store.looseHours(lease.partition, beforeHour, mergedAtOnce)
    if (hours.length === 0) return
    for (const hour of hours) {
      if (signal?.aborted) return
      await store.merge(lease, hour)
      // Merging is work for the core that the doors are on: what waits there goes first.
      await setImmediate()
    }
  }
}

function consumePartition(options: KeepOptions, lease: Lease) {
  const { messaging, batchFrames, batchWaitMs } = options
  const partition = String(lease.partition)
  const frames = new AppendFrames({
    ...options,
    lease,
    newestSequence: async (vehicleId) => {
      if (vehicleId === '') return undefined
      return (await messaging.latest(events.frameReceived, [partition, vehicleId]))?.sequence
    },
  })
  const consumer = {
    durable: `history-${partition}`,
    key: [partition],
    maxMessages: batchFrames,
    maxWaitMs: batchWaitMs,
    // Whatever fails (a database that is away) is waited for, in order.
    maxDeliver: Number.MAX_SAFE_INTEGER,
    ackWaitMs,
    exclusive: true,
  }
  return messaging.consumeBatches(events.frameReceived, consumer, (batch) => frames.handle(batch))
}
