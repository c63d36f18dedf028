/** C6: what the iterations so far amount to. */
import type { Iteration, IterationMetrics, Limits, NodeWorth } from './iteration.ts'

const minuteMs = 60_000

export function metricsOf(history: readonly Iteration[], limits: Limits): IterationMetrics {
  const gains = gainsOf(history)
  const elapsedMs = history.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const best = Math.max(0, ...history.map(({ quality }) => quality))
  const last = history.at(-1)
  return {
    iterations: history.length,
    quality: last?.quality ?? 0,
    best,
    gain: gains.at(-1) ?? 0,
    gainPerMinute: elapsedMs > 0 ? (best * minuteMs) / elapsedMs : 0,
    elapsedMs,
    errorRate: last && last.nodes.length > 0 ? last.nodes.filter(({ failed }) => failed).length / last.nodes.length : 0,
    withoutGain: gains.length - 1 - gains.findLastIndex((gain) => gain >= limits.improvement),
    nodes: worthOf(history, gains),
  }
}

/** Of each iteration over the best before it. */
function gainsOf(history: readonly Iteration[]): number[] {
  let best = 0
  return history.map(({ quality }) => {
    const gain = quality - best
    best = Math.max(best, quality)
    return gain
  })
}

interface Tally {
  runs: number
  failures: number
  worth: number
  durations: number[]
}

function worthOf(history: readonly Iteration[], gains: readonly number[]): NodeWorth[] {
  const tallies = new Map<string, Tally>()
  for (const [i, { nodes }] of history.entries()) {
    const allNews = nodes.reduce((sum, { news }) => sum + news, 0)
    for (const { node, failed, news, durationMs } of nodes) {
      const tally = tallies.get(node) ?? { runs: 0, failures: 0, worth: 0, durations: [] }
      tallies.set(node, tally)
      tally.runs++
      if (failed) tally.failures++
      if (allNews > 0) tally.worth += (Math.max(0, gains[i] ?? 0) * news) / allNews
      if (durationMs !== undefined) tally.durations.push(durationMs)
    }
  }
  return [...tallies].map(([node, { durations, ...tally }]) => ({
    node,
    ...tally,
    meanMs: durations.length > 0 ? durations.reduce((sum, one) => sum + one, 0) / durations.length : null,
  }))
}
