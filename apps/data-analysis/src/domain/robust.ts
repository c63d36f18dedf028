/** Level and spread that a few strangers among the values do not move. */

/** Of a normal distribution: its standard deviation over its median absolute deviation. */
const madToSpread = 1.4826

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Comparable to a standard deviation. */
export const spreadAround = (middle: number, values: readonly number[]): number =>
  madToSpread * median(values.map((value) => Math.abs(value - middle)))
