/**
 * F8: whether a definition has become worse. The last evaluations are held against those before, metric by metric.
 *
 * Invariants
 *  G1 A metric alarms only if its middle is more than 10 % worse AND chance is an unlikely explanation: rank-sum test, one-sided,
 *     at 1 % over all metrics together (Holm 1979), so that looking at many figures does not make for many alarms.
 *  G2 With too few on either side nothing is said, and that is not the same as saying that all is well.
 */
import { leastSamples, regressionShare, type Sample } from './baseline.ts'
import { judgedMetrics, metrics, worsening, type MetricName } from './metric.ts'
import { mean, median, rankSumTest } from './statistics.ts'

export interface Shift {
  metric: MetricName
  before: number
  now: number
  /** Relative; 0.1 is 10 % worse, negative is better. */
  worse: number
  /** Of such a shift by chance alone. */
  probability: number
}

export type Regression =
  | { is: 'unknown'; reason: string }
  | { is: 'steady'; compared: { before: number; now: number } }
  | { is: 'worse'; compared: { before: number; now: number }; shifts: Shift[] }

/** Fewer recent ones are not compared. */
export const leastRecent = 10
const familyError = 0.01

export function regressionOf(recent: readonly Sample[], before: readonly Sample[]): Regression {
  if (recent.length < leastRecent || before.length < leastSamples) {
    const reason = `${recent.length} recent and ${before.length} earlier evaluations, expected at least ${leastRecent} and ${leastSamples}`
    return { is: 'unknown', reason }
  }
  const tested = judgedMetrics.flatMap((name) => shiftOf(name, recent, before) ?? [])
  const shifts = beyondChance(tested).filter(({ worse }) => worse > regressionShare)
  const compared = { before: before.length, now: recent.length }
  return shifts.length === 0
    ? { is: 'steady', compared }
    : { is: 'worse', compared, shifts: shifts.sort((a, b) => b.worse - a.worse) }
}

function shiftOf(metric: MetricName, recent: readonly Sample[], before: readonly Sample[]): Shift | undefined {
  const now = valuesOf(metric, recent)
  const then = valuesOf(metric, before)
  if (now.length < leastRecent || then.length < leastSamples) return undefined
  const { centre, better } = metrics[metric]
  const middle = centre === 'mean' ? mean : median
  const [a, b] = [middle(now), middle(then)]
  const probability = better === 'lower' ? rankSumTest(now, then) : rankSumTest(then, now)
  return { metric, before: b, now: a, worse: worsening(metric, a, b), probability }
}

const valuesOf = (metric: MetricName, samples: readonly Sample[]): number[] =>
  samples.flatMap((sample) => sample.metrics[metric] ?? [])

/** Holm's step-down: the i-th least probable of k has to be below the family's error over k - i. */
function beyondChance(tested: readonly Shift[]): Shift[] {
  const sorted = tested.toSorted((a, b) => a.probability - b.probability)
  const first = sorted.findIndex(({ probability }, i) => probability > familyError / (sorted.length - i))
  return first === -1 ? sorted : sorted.slice(0, first)
}
