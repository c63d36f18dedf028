/**
 * Keeps a lock while work runs.
 * 1. The lock is renewed three times in each lease; a renewal that fails for good ends it, one that may yet succeed is repeated
 *    until the lease is over.
 * 2. The lock is released when the work has ended, however it ended; the work's own failure is the one that is thrown.
 */
import { toFailure } from '@pitcrew/errors'
import { pause } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import type { Lock } from './lock.ts'

export async function underLock<T>(
  lock: Lock,
  { ttlMs = 10_000, logger }: { ttlMs?: number; logger: Logger },
  work: (lock: Lock) => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  const renewing = renewUntil(lock, ttlMs / 3, ended.signal)
  try {
    const result = await work(lock)
    await end(ended, renewing)
    await lock.release()
    return result
  } catch (thrown) {
    await end(ended, renewing)
    // A lock that cannot be given back now is free when its lease is over; what went wrong with the work matters more.
    if (!lock.lost.aborted)
      await lock.release().catch((error: unknown) => logger.warn('a lock was not released', { lock: lock.name, error }))
    throw thrown
  }
}

async function end(ended: AbortController, renewing: Promise<void>): Promise<void> {
  ended.abort()
  await renewing
}

async function renewUntil(lock: Lock, everyMs: number, ended: AbortSignal): Promise<void> {
  const over = AbortSignal.any([ended, lock.lost])
  while (!over.aborted) {
    await pause(everyMs, over)
    if (over.aborted) return
    try {
      await lock.renew()
    } catch (thrown) {
      // The lock itself says that it is lost: to the work by its signal, and to the caller when it is released.
      if (toFailure(thrown).kind === 'terminal') return
    }
  }
}
