/**
 * C6: after each iteration, whether there should be another and how it should go about it.
 *
 * Invariants
 *  I1 It stops exactly if it has a reason to; a strategy that runs something comes with every verdict that goes on, and only
 *     with those.
 *  I2 It stops at the latest after `maxIterations`.
 *  I3 Good enough is always a reason, before all others: what was reached is not thrown away for a limit.
 *  I4 The same history and limits give the same verdict.
 */
import { Terminal } from '@pitcrew/errors'
import type { Iteration, IterationMetrics, IterationVerdict, Limits, Reason, Strategy } from './iteration.ts'
import { metricsOf } from './metrics.ts'
import { strategyOf } from './strategy.ts'

/**
 * @param history of all iterations so far, oldest first; at least one
 * @throws Terminal BAD_LIMITS, NO_ITERATION
 */
export function judgeIteration(history: readonly Iteration[], limits: Limits): IterationVerdict {
  checkLimits(limits)
  const last = history.at(-1)
  if (!last) throw new Terminal('NO_ITERATION', 'the controller judges after an iteration, expected at least one')
  const metrics = metricsOf(history, limits)
  const plan = strategyOf(history, limits)
  const reason = reasonOf(metrics, plan, last, limits)
  const stop = reason !== 'continue'
  const strategy = stop ? { run: [], leftOut: [], window: last.window, retries: [] } : plan
  return { stop, reason, metrics, strategy, explanation: explain(reason, metrics, strategy, limits) }
}

function reasonOf(metrics: IterationMetrics, plan: Strategy, last: Iteration, limits: Limits): Reason {
  const { iterations, quality, errorRate, elapsedMs, withoutGain } = metrics
  if (quality >= limits.quality) return 'quality-reached'
  if (errorRate > limits.maxErrorRate) return 'error-rate'
  if (iterations >= limits.maxIterations) return 'iteration-limit'
  // Another one like the last must still fit into the budget.
  if (elapsedMs + last.durationMs > limits.budgetMs) return 'time-budget'
  if (withoutGain >= limits.patience) return 'no-improvement'
  if (plan.run.length === 0) return 'nothing-left'
  return 'continue'
}

function explain(reason: Reason, metrics: IterationMetrics, strategy: Strategy, limits: Limits): string {
  const { iterations, quality, gain, elapsedMs, errorRate, withoutGain } = metrics
  switch (reason) {
    case 'quality-reached':
      return `good enough: ${percent(quality)} of ${percent(limits.quality)} asked for`
    case 'error-rate':
      return `${percent(errorRate)} of the nodes failed, at most ${percent(limits.maxErrorRate)} may`
    case 'iteration-limit':
      return `${iterations} iterations made, at most ${limits.maxIterations} are allowed`
    case 'time-budget':
      return `another one would not fit: ${seconds(elapsedMs)} of ${seconds(limits.budgetMs)} are spent`
    case 'no-improvement':
      return `gained less than ${percent(limits.improvement)} in ${withoutGain === 1 ? 'the last iteration' : `the last ${withoutGain} iterations`}`
    case 'nothing-left':
      return 'no node would give anything new'
    case 'continue':
      return `${percent(quality)} of ${percent(limits.quality)} asked for, ${signed(gain)} in this one; next: ${next(strategy)}`
  }
}

function next({ run, window, retries, leftOut }: Strategy): string {
  const again =
    retries.length > 0 ? `, of these again after a failure: ${retries.map(({ node }) => node).join(', ')}` : ''
  const kept = leftOut.length > 0 ? `, without ${leftOut.map(({ node }) => node).join(', ')}` : ''
  return `${run.join(', ')} with window ${window}${again}${kept}`
}

function checkLimits(limits: Limits): void {
  const refuse = (what: string): never => {
    throw new Terminal('BAD_LIMITS', `iteration limits: ${what}`)
  }
  if (!(limits.maxIterations >= 1)) refuse(`at most ${limits.maxIterations} iterations, expected 1 or more`)
  if (!(limits.patience >= 1)) refuse(`patience ${limits.patience}, expected 1 or more`)
  if (!(limits.widest >= 1)) refuse(`widest window ${limits.widest}, expected 1 or more`)
  for (const name of ['quality', 'improvement', 'maxErrorRate'] as const) {
    if (!(limits[name] >= 0 && limits[name] <= 1)) refuse(`${name} ${limits[name]}, expected 0 to 1`)
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
const signed = (share: number): string => `${share < 0 ? '' : '+'}${percent(share)}`
const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
