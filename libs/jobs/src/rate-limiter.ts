/**
 * Owns: when the jobs of a kind with a rate may begin, over all workers.
 * 1. A turn is taken only by compare-and-set, so two workers never take the same.
 * 2. A turn that is not soon is not taken: whoever waits for it would hold a job that is perhaps not the next.
 * Workers go by their own clocks: one that is ahead begins as much too early, and only once, as what it takes is taken.
 */
import { recordBucket, type Messaging } from '@pitcrew/messaging'
import type { Rate } from './kind.ts'
import { nextTurn } from './rate.ts'
import { jobBucket, rateKey } from './subjects.ts'

export interface RateLimiter {
  /** Taken: begin then. Not taken: ask again then. */
  take(kind: string, rate: Required<Rate>): Promise<{ taken: boolean; atMs: number }>
}

const soonMs = 1_000

export function rateLimiter(messaging: Messaging): RateLimiter {
  const bucket = recordBucket(messaging, jobBucket)
  return {
    async take(kind, rate) {
      let current = await bucket.get(rateKey(kind))
      for (;;) {
        const nowMs = Date.now()
        const turn = nextTurn((current?.value as { untilMs: number } | undefined)?.untilMs, nowMs, rate)
        if (turn.startMs - nowMs > soonMs) return { taken: false, atMs: turn.startMs - soonMs }
        const outcome = await bucket.compareAndSet(
          rateKey(kind),
          { untilMs: turn.spokenForUntilMs },
          current?.revision ?? 0,
          // Nothing to remember once all of the rate is free again.
          { ttlMs: turn.spokenForUntilMs - nowMs + 60_000 },
        )
        if ('revision' in outcome) return { taken: true, atMs: turn.startMs }
        current = outcome.conflict
      }
    },
  }
}
