/**
 * Time that moves only when the test says so.
 *
 * 1. Timers fire in the order of their times, those of one time in the order in which they were set.
 * 2. Before the next one fires, what the one before set off has settled as far as it can without time or input.
 * 3. now() inside a timer is that timer's time, so one that sets another from there is on schedule.
 */
export interface ManualClock {
  /** Milliseconds since the epoch. */
  now(): number
  advance(ms: number): Promise<void>
  /** Like setTimeout; the result cancels it. */
  after(ms: number, fn: () => void | Promise<void>): () => void
  sleep(ms: number): Promise<void>
  /** Timers that are set and have not fired. */
  pending(): number
}

interface Timer {
  at: number
  order: number
  fn: () => void | Promise<void>
}

/** A Friday, 08:00 UTC: a working day, so that tests of opening hours need no more. */
const friday = Date.UTC(2026, 10, 20, 8)

export function manualClock(startMs = friday): ManualClock {
  const timers = new Set<Timer>()
  let now = startMs
  let order = 0

  const nextUntil = (end: number) =>
    [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0]

  const after = (ms: number, fn: Timer['fn']) => {
    const timer = { at: now + Math.max(0, ms), order: order++, fn }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  return {
    now: () => now,
    after,
    pending: () => timers.size,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async advance(ms) {
      const end = now + ms
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        timers.delete(timer)
        now = timer.at
        await timer.fn()
        await settled()
      }
      now = end
      await settled()
    },
  }
}

/** A turn of the event loop: all promise reactions that are ready have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
