/**
 * F8: what is usual for a definition in one version: middle and spread of each metric, and of each node's time at agents, over
 * its last evaluations. Medians, so that a few wild ones do not move it.
 */
import {
  judgedMetrics,
  metricNames,
  metrics,
  worsening,
  type MetricName,
  type MetricSpec,
  type Metrics,
} from './metric.ts'
import { mean, median, medianDeviation, standardDeviation } from './statistics.ts'

/** One evaluation, as far as those after it are held against it. */
export interface Sample {
  workflowId: string
  /** Unix milliseconds. */
  endedAt: number
  metrics: Metrics
  /** Time at agents of one run, milliseconds, by node. */
  nodes: Readonly<Record<string, number>>
}

export interface Usual {
  /** Median, or mean where the metric says so. */
  middle: number
  /** Standard deviation, estimated from the median absolute deviation where the middle is a median. */
  spread: number
  count: number
}

export interface Baseline {
  definition: string
  version: number
  samples: number
  metrics: Readonly<Partial<Record<MetricName, Usual>>>
  nodes: Readonly<Record<string, Usual>>
}

/** Fewer say nothing of what is usual. */
export const leastSamples = 20

/** Null with fewer than `leastSamples`; a metric or node that fewer of them have is left out. */
export function baselineOf(definition: string, version: number, samples: readonly Sample[]): Baseline | null {
  if (samples.length < leastSamples) return null
  const usual: Partial<Record<MetricName, Usual>> = {}
  for (const name of metricNames) {
    const one = usualOf(
      samples.flatMap((sample) => sample.metrics[name] ?? []),
      metrics[name].centre,
    )
    if (one) usual[name] = one
  }
  const byNode = new Map<string, number[]>()
  for (const { nodes } of samples)
    for (const node in nodes) {
      const times = byNode.get(node)
      if (times) times.push(nodes[node] as number)
      else byNode.set(node, [nodes[node] as number])
    }
  const nodes = [...byNode].flatMap(([node, times]) => {
    const one = usualOf(times, 'median')
    return one ? [[node, one] as const] : []
  })
  return { definition, version, samples: samples.length, metrics: usual, nodes: Object.fromEntries(nodes) }
}

function usualOf(values: readonly number[], centre: MetricSpec['centre']): Usual | undefined {
  if (values.length < leastSamples) return undefined
  const middle = centre === 'mean' ? mean(values) : median(values)
  const spread = centre === 'mean' ? standardDeviation(values, middle) : 1.4826 * medianDeviation(values, middle)
  return { middle, spread, count: values.length }
}

export interface Deviation {
  metric: MetricName
  value: number
  usual: number
  /** Relative; 0.1 is 10 % worse. */
  worse: number
  /** Distance in robust standard deviations. */
  distance: number
}

/** Worse than usual by this much is a regression, if noise does not explain it. */
export const regressionShare = 0.1
/** Beyond this a value is an outlier (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). */
const outlier = 3.5

/** Where one workflow is worse than usual by 10 % and by more than the usual spread explains; the worst first. */
export function deviationsOf(values: Metrics, baseline: Baseline | null): Deviation[] {
  if (!baseline) return []
  const found: Deviation[] = []
  for (const name of judgedMetrics) {
    const [value, usual] = [values[name], baseline.metrics[name]]
    if (value === null || !usual) continue
    const worse = worsening(name, value, usual.middle)
    const distance = Math.abs(value - usual.middle) / spreadWithin(usual, metrics[name].floor)
    if (worse > regressionShare && distance > outlier)
      found.push({ metric: name, value, usual: usual.middle, worse, distance })
  }
  return found.sort((a, b) => b.worse - a.worse)
}

/** A sample that hardly varies must not make the least difference an outlier: 5 % of the middle is always within reach. */
export const spreadWithin = ({ middle, spread }: Usual, floor: number): number =>
  Math.max(spread, 0.05 * Math.max(Math.abs(middle), floor))
