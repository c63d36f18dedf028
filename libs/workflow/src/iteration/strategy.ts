/**
 * C6: how the next iteration should go about it. A node runs again if another look may change what it gave: it failed, it
 * looked only once, or its last, wider look brought news. One whose wider look changed nothing keeps what it gave.
 */
import type { Iteration, Limits, NodeRun, RetrySuggestion, Strategy } from './iteration.ts'

/** Less than this is rounding, not news. */
const leastNews = 0.01
/** Before the first retry, doubled for each further failure, as M4 has it for tasks. */
const firstRetryMs = 2_000

export function strategyOf(history: readonly Iteration[], limits: Limits): Strategy {
  const window = Math.max(1, ...history.map((one) => one.window))
  const run: string[] = []
  const leftOut: Strategy['leftOut'] = []
  const retries: RetrySuggestion[] = []
  for (const [node, runs] of runsByNode(history)) {
    const failures = runs.length - 1 - runs.findLastIndex(({ failed }) => !failed)
    const because = settledBecause(runs, failures, window, limits)
    if (because !== undefined) {
      leftOut.push({ node, because })
      continue
    }
    run.push(node)
    if (failures > 0) retries.push({ node, failures, afterMs: firstRetryMs * 2 ** (failures - 1) })
  }
  // Only failures to make up for: the usual look has not been had yet, so there is no reason for a wider one.
  const widen = run.length > retries.length
  return { run, leftOut, window: widen ? Math.min(window + 1, limits.widest) : window, retries }
}

function settledBecause(
  runs: readonly NodeRun[],
  failures: number,
  window: number,
  { maxRetries, widest }: Limits,
): string | undefined {
  if (failures > maxRetries) return `failed ${failures} times in a row`
  if (failures > 0) return undefined
  const news = runs.at(-1)?.news ?? 0
  const looks = runs.filter(({ failed }) => !failed).length
  if (looks >= 2 && news < leastNews) return 'its last, wider look changed nothing'
  if (window >= widest && news < leastNews) return 'there is no wider look and it has found nothing new'
  return undefined
}

function runsByNode(history: readonly Iteration[]): Map<string, NodeRun[]> {
  const byNode = new Map<string, NodeRun[]>()
  for (const { nodes } of history) {
    for (const run of nodes) byNode.set(run.node, [...(byNode.get(run.node) ?? []), run])
  }
  return byNode
}
