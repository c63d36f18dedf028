/**
 * Running median and median absolute deviation of ln(1 + x), for quantities that are positive and skewed (rates, durations,
 * bytes).
 *
 * The first `warmUp` values are kept and give both exactly; nothing is judged before. Then each value moves the estimates
 * by a step of fixed size towards itself, as in the frugal streaming estimator of Ma, Muthukrishnan & Sandler (2013): its
 * pull is bounded however extreme it is, so a short attack cannot drag the baseline along, and old values fade.
 */
export interface Estimate {
  seen: number
  /** Until warm: the values, in ln(1 + x). */
  first: number[]
  median: number
  mad: number
}

export interface EstimateSettings {
  warmUp: number
  /** Part of the deviation that one value may move the estimates by. */
  step: number
  /** Least deviation in ln units: what is steadier than this is not thereby suspicious. */
  leastMad: number
}

export const estimateSettings: EstimateSettings = { warmUp: 30, step: 0.02, leastMad: 0.15 }

/** Makes a MAD comparable with a standard deviation, for the normal distribution: 1 / quantile(0.75). */
const madToSigma = 1.4826

export function emptyEstimate(): Estimate {
  return { seen: 0, first: [], median: 0, mad: 0 }
}

export function isWarm(estimate: Estimate, { warmUp } = estimateSettings): boolean {
  return estimate.seen >= warmUp
}

export function learn(estimate: Estimate, x: number, settings = estimateSettings): Estimate {
  const value = Math.log1p(Math.max(0, x))
  const seen = estimate.seen + 1
  if (seen < settings.warmUp) return { ...estimate, seen, first: [...estimate.first, value] }
  if (seen === settings.warmUp) {
    const values = [...estimate.first, value]
    const median = middle(values)
    const mad = middle(values.map((v) => Math.abs(v - median)))
    return { seen, first: [], median, mad: Math.max(mad, settings.leastMad) }
  }
  const step = settings.step * estimate.mad
  const median = estimate.median + step * Math.sign(value - estimate.median)
  const mad = estimate.mad + step * Math.sign(Math.abs(value - median) - estimate.mad)
  return { seen, first: [], median, mad: Math.max(mad, settings.leastMad) }
}

/** What is usual, in the unit of x. */
export function usual(estimate: Estimate): number {
  return Math.expm1(estimate.median)
}

/** How far x is above `expected`, in robust standard deviations. */
export function deviations(estimate: Estimate, x: number, expected = usual(estimate)): number {
  return (Math.log1p(Math.max(0, x)) - Math.log1p(expected)) / (madToSigma * estimate.mad)
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
