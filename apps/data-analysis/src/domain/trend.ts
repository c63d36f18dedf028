/**
 * Robust slope over a sliding window of equal bins, by Theil and Sen, with the interval of Sen (1968): order statistics
 * of the pairwise slopes by Kendall's variance. Constant memory: `binCount` bins.
 */
export interface TrendState {
  /** Mean time (s) and mean value of each closed bin, oldest first. */
  times: number[]
  values: number[]
  /** The bin that is being filled. */
  openMs: number
  timeSum: number
  valueSum: number
  weight: number
}

export interface Slope {
  /** Units per second: 90 % interval and median. */
  lower: number
  median: number
  upper: number
}

const binCount = 24
/** Of a bin's mean: far below what sensors resolve, and it halves the state's text. */
const digits = 8
const fewestBins = 8
/** Normal quantile of a two-sided 90 % interval, widened for readings that are not independent of their neighbours. */
const quantile = 1.645 * 1.5

export function createTrend(): TrendState {
  return { times: [], values: [], openMs: 0, timeSum: 0, valueSum: 0, weight: 0 }
}

export function clearTrend(trend: TrendState): void {
  Object.assign(trend, createTrend())
}

/** Adds a sample that stands for `step` seconds; true when a bin was closed, so that the slope may have changed. */
export function advanceTrend(
  trend: TrendState,
  timeMs: number,
  value: number,
  step: number,
  binSeconds: number,
): boolean {
  let closed = false
  if (trend.weight > 0 && timeMs - trend.openMs >= binSeconds * 1_000) {
    trend.times.push(Math.round((trend.timeSum / trend.weight) * 1_000) / 1_000)
    trend.values.push(Number((trend.valueSum / trend.weight).toPrecision(digits)))
    if (trend.times.length > binCount) {
      trend.times.shift()
      trend.values.shift()
    }
    trend.timeSum = trend.valueSum = trend.weight = 0
    closed = true
  }
  if (trend.weight === 0) trend.openMs = timeMs
  const weight = Math.max(step, 1e-3)
  trend.timeSum += (timeMs / 1_000) * weight
  trend.valueSum += value * weight
  trend.weight += weight
  return closed
}

/** The slope over the closed bins, or undefined while they are too few. */
export function slopeOf(trend: TrendState, bins = binCount): Slope | undefined {
  const times = trend.times.slice(-bins)
  const values = trend.values.slice(-bins)
  const count = times.length
  if (count < fewestBins) return undefined
  const slopes: number[] = []
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) slopes.push((values[j]! - values[i]!) / Math.max(times[j]! - times[i]!, 1e-3))
  slopes.sort((a, b) => a - b)
  const pairs = slopes.length
  const half = quantile * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18)
  const at = (index: number) => slopes[Math.min(Math.max(Math.round(index), 0), pairs - 1)]!
  return { lower: at((pairs - half) / 2), median: at((pairs - 1) / 2), upper: at((pairs + half) / 2) }
}
