/** The statistics that the evaluator stands on. All are for samples without NaN; none changes its argument. */

export function median(sample: readonly number[]): number {
  return medianOfSorted(sample.toSorted((a, b) => a - b))
}

function medianOfSorted(sorted: readonly number[]): number {
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

export const mean = (sample: readonly number[]): number => sample.reduce((sum, x) => sum + x, 0) / sample.length

export const standardDeviation = (sample: readonly number[], middle: number): number =>
  Math.sqrt(sample.reduce((sum, x) => sum + (x - middle) ** 2, 0) / Math.max(1, sample.length - 1))

/** Median absolute deviation from the median. Times 1.4826 it estimates the standard deviation of a normal sample. */
export const medianDeviation = (sample: readonly number[], middle: number): number =>
  median(sample.map((x) => Math.abs(x - middle)))

/** Upper tail of the standard normal distribution (Abramowitz and Stegun 1964, 7.1.26; error below 1.5e-7). */
export function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = (series * Math.exp(-x * x)) / 2
  return z >= 0 ? tail : 1 - tail
}

/**
 * Probability that `high` would lie above `low` as much as it does if both came from one distribution: the one-sided rank-sum
 * test (Mann and Whitney 1947) in its normal approximation, corrected for ties and continuity.
 */
export function rankSumTest(high: readonly number[], low: readonly number[]): number {
  const [m, n] = [high.length, low.length]
  const all = [...high.map((x) => ({ x, first: true })), ...low.map((x) => ({ x, first: false }))]
  all.sort((a, b) => a.x - b.x)
  let rankSum = 0
  let ties = 0
  for (let i = 0; i < all.length;) {
    let end = i
    let ours = 0
    while (end < all.length && all[end]?.x === all[i]?.x) if (all[end++]?.first) ours++
    const size = end - i
    rankSum += ours * ((i + 1 + end) / 2)
    ties += size ** 3 - size
    i = end
  }
  const u = rankSum - (m * (m + 1)) / 2
  const total = m + n
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)))
  return variance > 0 ? upperTail((u - (m * n) / 2 - 0.5) / Math.sqrt(variance)) : 1
}

/** Median of the slopes between all pairs (Theil 1950, Sen 1968), per step of the series. */
export function slopeOf(series: readonly number[]): number {
  const slopes: number[] = []
  for (let i = 0; i < series.length; i++)
    for (let j = i + 1; j < series.length; j++) slopes.push(((series[j] as number) - (series[i] as number)) / (j - i))
  return slopes.length > 0 ? median(slopes) : 0
}

/** Two-sided probability of a series without trend looking as ordered as this one (Mann 1945, Kendall 1975), ties corrected. */
export function trendTest(series: readonly number[]): number {
  const n = series.length
  let s = 0
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) s += Math.sign((series[j] as number) - (series[i] as number))
  const counts = new Map<number, number>()
  for (const x of series) counts.set(x, (counts.get(x) ?? 0) + 1)
  let ties = 0
  for (const t of counts.values()) ties += t * (t - 1) * (2 * t + 5)
  const variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
  return variance > 0 && s !== 0 ? Math.min(1, 2 * upperTail((Math.abs(s) - 1) / Math.sqrt(variance))) : 1
}
