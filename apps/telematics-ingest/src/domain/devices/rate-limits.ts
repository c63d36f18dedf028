/**
 * How many frames each vehicle of each sender may bring: token buckets of `perSecond` on average with `burst` at once.
 *
 * Owns: the buckets. Invariants:
 * 1. A batch passes whole or not at all, and when it passes it is counted whole, beyond what was left if need be: a batch
 *    larger than a burst is not refused for ever, but what comes after it waits until its debt is paid.
 * 2. At most `most` buckets: the one used longest ago is forgotten, which only ever lets more through.
 */
import type { telemetry } from '@pitcrew/contracts'
import type { Sender } from './sender.ts'

export interface RateLimits {
  /** 0: the frames are counted and may pass. Otherwise nothing is counted, and they may not for so many milliseconds. */
  take(sender: Sender, frames: readonly telemetry.RawFrame[], nowMs: number): number
}

interface Bucket {
  left: number
  atMs: number
}

const longestKey = 64

export function rateLimits(perSecond: number, burst: number, most = 100_000): RateLimits {
  const buckets = new Map<string, Bucket>()

  const bucketOf = (key: string, nowMs: number): Bucket => {
    const bucket = buckets.get(key) ?? { left: burst, atMs: nowMs }
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, nowMs - bucket.atMs) * perSecond) / 1_000)
    bucket.atMs = nowMs
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size > most) buckets.delete(buckets.keys().next().value!)
    return bucket
  }

  return {
    take(sender, frames, nowMs) {
      if (sender.kind === 'platform') return 0
      const owner = sender.kind === 'device' ? sender.deviceId : ''
      const counted = [...countByVehicle(frames)].map(([vehicleId, count]) => ({
        bucket: bucketOf(`${owner}/${vehicleId}`, nowMs),
        count,
      }))
      const debt = Math.max(0, ...counted.map(({ bucket }) => 1 - bucket.left))
      if (debt > 0) return Math.ceil((debt * 1_000) / perSecond)
      for (const { bucket, count } of counted) bucket.left -= count
      return 0
    },
  }
}

function countByVehicle(frames: readonly telemetry.RawFrame[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { vehicleId } of frames) {
    const key = vehicleId.length > longestKey ? vehicleId.slice(0, longestKey) : vehicleId
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
