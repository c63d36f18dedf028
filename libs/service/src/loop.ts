import { toFailure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'

export interface Loop {
  /** Runs as soon as it can; a kick during a run is one more run after it. */
  kick(): void
  /** Resolves when the run under way, and the one that it was kicked for, are over; none begins after it. */
  stop(): Promise<void>
}

export interface LoopOptions {
  /** What it does, as the subject of a sentence: "expiring holds". */
  name: string
  /** From the end of a run to the beginning of the next. */
  everyMs: number
  logger: Logger
  /** The signal aborts when the loop is to stop. */
  run: (stopping: AbortSignal) => Promise<unknown>
}

/** Runs at once and then again and again, one at a time. A failed run is logged and tried again at the next turn. */
export function startLoop({ name, everyMs, logger, run }: LoopOptions): Loop {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false

  const turn = async () => {
    do {
      again = false
      try {
        await run(stopping.signal)
      } catch (error) {
        const { code, message } = toFailure(error)
        logger.warn(`${name} failed and is tried again`, { code, reason: message, afterMs: everyMs })
        again = false
      }
    } while (again)
    running = undefined
    if (!stopping.signal.aborted) timer = setTimeout(begin, everyMs)
  }
  const begin = () => {
    clearTimeout(timer)
    running ??= turn()
  }
  begin()
  return {
    kick() {
      if (stopping.signal.aborted) return
      if (running === undefined) begin()
      else again = true
    },
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}
