/** Takes this instance's share of the telemetry partitions and analyses what comes in on them. */
import { events, telemetryPartitions } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import { holdPartitions, type Messaging, type Subscription } from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'
import type { AnalysisMetrics } from '../metrics.ts'
import { AnalyseFrames, type PartitionWork } from './analyse-frames.ts'
import type { StateStore } from './ports.ts'
import type { SurroundingsSource } from './surroundings.ts'

export interface TelemetryWatch {
  /** Partitions whose vehicles are watched here; after `stop`, those that were. */
  held(): number[]
  /** Rejects Retryable ANALYSIS_STALLED while batches of a partition keep failing. */
  probe(): Promise<void>
  stop(): Promise<void>
}

export interface WatchOptions {
  messaging: Messaging
  telemetry: Telemetry
  instance: string
  store: StateStore
  surroundings: SurroundingsSource
  metrics: AnalysisMetrics
  batchFrames: number
  batchWaitMs: number
  vehiclesInMemory: number
  /** Alerts wait in the outbox of one of the partitions held. */
  onAlerts(): void
  now(): number
}

const stalledAfterMs = 10_000

export async function watchTelemetry(options: WatchOptions): Promise<TelemetryWatch> {
  const { messaging, instance, store, onAlerts, now } = options
  const held = new Set<number>()
  /** Partitions whose last batch failed, and since when. */
  const failing = new Map<number, number>()
  const holding = await holdPartitions({
    messaging,
    instance,
    group: 'analysis',
    partitions: telemetryPartitions,
    async onAcquire(partition, epoch) {
      await store.claim(partition, epoch)
      const subscription = await consumePartition(options, partition, epoch, failing)
      held.add(partition)
      // What a holder before us could not publish any more.
      onAlerts()
      return {
        async release() {
          held.delete(partition)
          await subscription.stop()
          failing.delete(partition)
        },
      }
    },
  })
  return {
    held: () => [...held],
    async probe() {
      for (const [partition, since] of failing)
        if (now() - since > stalledAfterMs)
          throw new Retryable('ANALYSIS_STALLED', `frames of partition ${partition} have not been stored for a while`)
    },
    async stop() {
      const mine = [...held]
      await holding.stop()
      // Their last alerts are still ours to publish; should the next holder do it too, the ids drop the repeats.
      for (const partition of mine) held.add(partition)
    },
  }
}

function consumePartition(
  options: WatchOptions,
  partition: number,
  epoch: number,
  failing: Map<number, number>,
): Promise<Subscription> {
  const { messaging, batchFrames, batchWaitMs, now } = options
  const frames = new AnalyseFrames(workOf(options, partition, epoch))
  const consumer = {
    durable: `analysis-${partition}`,
    key: [String(partition)],
    maxMessages: batchFrames,
    maxWaitMs: batchWaitMs,
    // A frame at fault is Terminal; whatever else fails (a database that is away) is waited for, in order.
    maxDeliver: Number.MAX_SAFE_INTEGER,
    exclusive: true,
  }
  return messaging.consumeBatches(events.frameReceived, consumer, async (batch) => {
    try {
      await frames.handle(batch)
      failing.delete(partition)
    } catch (thrown) {
      if (!failing.has(partition)) failing.set(partition, now())
      throw thrown
    }
  })
}

function workOf(options: WatchOptions, partition: number, epoch: number): PartitionWork {
  const { messaging, vehiclesInMemory, ...rest } = options
  return {
    ...rest,
    partition,
    epoch,
    mostVehicles: Math.ceil(vehiclesInMemory / telemetryPartitions),
    newestSequence: async (vehicleId) =>
      (await messaging.latest(events.frameReceived, [String(partition), vehicleId]))?.sequence,
  }
}
