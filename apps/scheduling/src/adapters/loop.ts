import { toFailure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'

export interface Loop {
  /** Runs as soon as it can; a kick during a run is one more run after it. */
  kick(): void
  /** Resolves when the run under way is over; none begins after it. */
  stop(): Promise<void>
}

interface LoopOptions {
  name: string
  everyMs: number
  logger: Logger
  run: () => Promise<unknown>
}

/** Runs at once and then again and again, one at a time. A failed run is logged and tried again at the next turn. */
export function startLoop({ name, everyMs, logger, run }: LoopOptions): Loop {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false
  let stopped = false

  const turn = async () => {
    do {
      again = false
      try {
        await run()
      } catch (error) {
        const { code, message } = toFailure(error)
        logger.warn(`${name} failed and is tried again`, { code, reason: message, afterMs: everyMs })
        again = false
      }
    } while (again && !stopped)
    running = undefined
    if (!stopped) timer = setTimeout(begin, everyMs)
  }
  const begin = () => {
    clearTimeout(timer)
    running ??= turn()
  }
  begin()
  return {
    kick() {
      if (stopped) return
      if (running === undefined) begin()
      else again = true
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
