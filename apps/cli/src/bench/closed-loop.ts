/**
 * Load: as many callers as there are to be workflows under way, each of which starts one, waits for its outcome, checks it
 * and starts the next.
 *
 * 1. Only a workflow whose outcome was right counts. A wrong one, or one that failed, ends the measurement.
 * 2. What is counted ended inside the window; the window opens when every caller has had an outcome, and its load goes on
 *    before and behind it, so that it sees neither a start nor an end.
 * 3. It is open long enough for two outcomes per caller, however slow the engine: callers that run in step come in bursts.
 */
import { Terminal } from '@pitcrew/errors'
import { percentile } from '../measure/statistics.ts'
import { expectedOutcome, type Cell, cellName } from './workload.ts'

export interface Plan {
  warmUpMs: number
  windowMs: number
  /** Gives up when warm-up and window take longer. */
  limitMs: number
}

export interface Load extends Plan {
  cell: Cell
  /** Runs one workflow to its end and gives its outcome. */
  call: (n: number) => Promise<number>
  onOpen?: () => void
  onClose?: () => void
}

export interface Window {
  completed: number
  elapsedMs: number
  p50Ms: number
  p99Ms: number
}

const outcomesPerCaller = 2
/** Numbers to start with differ, so that an answer that was meant for another is seen. */
const numbers = 1_000

type Phase = { is: 'warming' } | { is: 'open'; since: number } | { is: 'closed' }

export async function closedLoop(load: Load): Promise<Window> {
  const { cell, warmUpMs, windowMs, limitMs } = load
  const began = performance.now()
  const latencies: number[] = []
  let warmed = 0
  let elapsedMs = 0
  let phase: Phase = { is: 'warming' }

  /** What an outcome at this time means for the window. */
  const advance = (now: number, latencyMs: number): void => {
    switch (phase.is) {
      case 'warming':
        if (++warmed < cell.concurrent || now - began < warmUpMs) return
        phase = { is: 'open', since: performance.now() }
        return load.onOpen?.()
      case 'open':
        latencies.push(latencyMs)
        if (now - phase.since < windowMs || latencies.length < cell.concurrent * outcomesPerCaller) return
        elapsedMs = now - phase.since
        phase = { is: 'closed' }
        return load.onClose?.()
      case 'closed':
        return
    }
  }
  const caller = async (index: number): Promise<void> => {
    for (let n = index % numbers; phase.is !== 'closed'; n = (n + 1) % numbers) {
      const asked = performance.now()
      const outcome = await load.call(n)
      const now = performance.now()
      refuseWrong(cell, n, outcome)
      advance(now, now - asked)
      if (now - began > limitMs) throw tooSlow(cell, limitMs)
    }
  }
  await withinLimit(Promise.all(Array.from({ length: cell.concurrent }, (_, index) => caller(index))), load)
  return {
    completed: latencies.length,
    elapsedMs,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
}

/** An engine that never answers must not hold the measurement for ever. */
async function withinLimit<T>(work: Promise<T>, { cell, limitMs }: Load): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(cell, limitMs)), limitMs * 1.5)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function refuseWrong({ workload, concurrent }: Cell, n: number, outcome: number): void {
  const expected = expectedOutcome(workload, n)
  if (outcome === expected) return
  throw new Terminal(
    'WRONG_OUTCOME',
    `${cellName({ workload, concurrent })}: the outcome of ${n} is ${JSON.stringify(outcome)}, expected ${expected}`,
    { hint: 'the figures of this engine are worth nothing until it is right' },
  )
}

const tooSlow = (cell: Cell, limitMs: number): Terminal =>
  new Terminal('BENCH_TOO_SLOW', `${cellName(cell)} was not measured within ${limitMs} ms`, {
    hint: 'see whether the machine is busy with something else',
  })
