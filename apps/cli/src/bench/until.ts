import { setTimeout as pause } from 'node:timers/promises'
import { Retryable, toFailure } from '@pitcrew/errors'

const withinMs = 30_000
const everyMs = 50

/** Tries until it works. @throws Retryable BENCH_PEER_NOT_READY with the last reason; the hint is what the program said last */
export async function until<T>(who: string, said: () => string, attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + withinMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > giveUpAt) throw notReady(who, toFailure(error).message, said())
      await pause(everyMs)
    }
  }
}

const notReady = (who: string, why: string, said: string): Retryable =>
  new Retryable('BENCH_PEER_NOT_READY', `${who} does not answer within ${withinMs} ms: ${why}`, {
    ...(said.trim() !== '' && { hint: `it said: ${said.trim().split('\n').slice(-3).join(' ')}` }),
  })
