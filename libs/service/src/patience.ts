import { setTimeout as pause } from 'node:timers/promises'
import { toFailure } from '@pitcrew/errors'

const pauseMs = 500

/** Tries until it works, fails for good, or the time is up: what we depend on may be starting beside us. */
export async function patiently<T>(limitMs: number, attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + limitMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (toFailure(error).kind !== 'retryable' || performance.now() + pauseMs >= end) throw error
      await pause(pauseMs)
    }
  }
}
