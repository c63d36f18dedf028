import { Retryable } from '@pitcrew/errors'
import { failureText } from '../print/failure.ts'

export interface StopRequest {
  requested: Promise<void>
  /** Stops, and ends the process with code 1 when that takes longer: what hangs would keep it alive. */
  within(limitMs: number, stop: () => Promise<void>): Promise<void>
}

/** Ctrl-C or SIGTERM once asks for an orderly end; again, it ends the process. */
export function untilStopped(): StopRequest {
  const requested = Promise.withResolvers<void>()
  let signals = 0
  const onSignal = () => {
    if (++signals > 1) process.exit(1)
    requested.resolve()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    requested: requested.promise,
    async within(limitMs, stop) {
      const timer = setTimeout(() => giveUp(limitMs), limitMs)
      try {
        await stop()
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

function giveUp(limitMs: number): never {
  const hint = 'nothing is lost: what was in hand is done again at the next start'
  process.stderr.write(
    failureText(new Retryable('DRAIN_TIMEOUT', `stopping took longer than ${limitMs / 1000} s`, { hint })),
  )
  process.exit(1)
}
