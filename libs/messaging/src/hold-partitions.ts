import { brokerOf } from './connect-messaging.ts'
import { openLeaseBucket } from './lease-bucket.ts'
import { PartitionHolder, type HolderOptions } from './partition-holder.ts'
import type { Messaging } from './messaging.ts'
import { escapeToken } from './subjects.ts'

export interface HoldOptions extends HolderOptions {
  messaging: Messaging
  /** Name of the set of partitions, one for all instances that share it. */
  group: string
  /** Default 1 s. */
  renewMs?: number
}

export interface Holding {
  held(): number[]
  /** Releases everything, so that others can take it at once. */
  stop(): Promise<void>
}

/** Takes this instance's share of the partitions, and keeps it fair as instances come and go. See partition-holder.ts. */
export async function holdPartitions(options: HoldOptions): Promise<Holding> {
  const { messaging, group, renewMs = 1_000 } = options
  const prefix = `${escapeToken(messaging.service)}.${escapeToken(group)}`
  const bucket = openLeaseBucket(brokerOf(messaging), prefix, Math.max(renewMs, 500))
  const logger = messaging.telemetry.logger.child({ group, holder: options.instance })
  const holder = new PartitionHolder(options, bucket, logger)
  await holder.tick()

  const unlessFailing = (step: () => Promise<void>) => () =>
    void step().catch((error: unknown) => logger.debug('leases could not be looked at', { error }))
  const timer = setInterval(
    unlessFailing(() => holder.tick()),
    renewMs,
  )
  const fence = setInterval(() => holder.fence(), Math.max(20, renewMs / 4))
  const offChange = bucket.onPartitionChange(unlessFailing(() => holder.look()))
  return {
    held: () => holder.held(),
    async stop() {
      await holder.leave()
      clearInterval(timer)
      clearInterval(fence)
      offChange()
    },
  }
}
