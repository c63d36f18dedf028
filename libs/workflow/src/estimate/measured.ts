/** F3: how long nodes took in workflows before. */

/** Milliseconds; a run that was skipped counts as 0, so a node that is mostly skipped is expected to take nothing. */
export interface Measured {
  count: number
  meanMs: number
  p50Ms: number
  p90Ms: number
}

/** By node id. A node that holds others is measured from when it opened to when it closed. */
export type Durations = Readonly<Record<string, Measured>>

export function measure(runs: Iterable<{ node: string; durationMs: number }>): Durations {
  const byNode = new Map<string, number[]>()
  for (const { node, durationMs } of runs) {
    const known = byNode.get(node)
    if (known) known.push(durationMs)
    else byNode.set(node, [durationMs])
  }
  const measured: Record<string, Measured> = {}
  for (const [node, durations] of byNode) {
    durations.sort((a, b) => a - b)
    measured[node] = {
      count: durations.length,
      meanMs: durations.reduce((sum, one) => sum + one, 0) / durations.length,
      p50Ms: quantile(durations, 0.5),
      p90Ms: quantile(durations, 0.9),
    }
  }
  return measured
}

/** Linear between the two nearest ranks, as percentile_cont in SQL. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)] as number
  const above = sorted[Math.ceil(at)] as number
  return below + (above - below) * (at - Math.floor(at))
}
