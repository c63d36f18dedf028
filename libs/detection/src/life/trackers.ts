/**
 * Running level and slope of many channels: for each channel and time scale an exponentially discounted straight line
 * through its past (Brown's general exponential smoothing, 1963), from five sums.
 *
 * 1. Memory is constant: `sumsPer` numbers per channel and scale, whatever the length of the history.
 * 2. A missing value ages the past and adds nothing.
 */
export const sumsPer = 5

/** Pulls slopes towards none while there is little to see, in squared steps of a signal of unit variance. */
const slopePenalty = 400

/** Ages all sums of one channel by a step and takes `value` in, unless it is NaN. `sums` holds `scales` x `sumsPer`. */
export function track(sums: number[], at: number, scales: readonly number[], value: number): void {
  for (const [index, scale] of scales.entries()) {
    const base = at + index * sumsPer
    const keep = Math.exp(-1 / scale)
    const count = sums[base]!
    const age = sums[base + 1]!
    const sum = sums[base + 3]!
    sums[base + 2] = keep * (sums[base + 2]! + 2 * age + count)
    sums[base + 1] = keep * (age + count)
    sums[base + 4] = keep * (sums[base + 4]! + sum)
    sums[base] = keep * count
    sums[base + 3] = keep * sum
    if (Number.isNaN(value)) continue
    sums[base]! += 1
    sums[base + 3]! += value
  }
}

/** Discounted mean; 0 before the first value. */
export function levelOf(sums: number[], base: number): number {
  const count = sums[base]!
  return count > 1e-9 ? sums[base + 3]! / count : 0
}

/** Change per step; 0 before there are two values. */
export function slopeOf(sums: number[], base: number): number {
  const count = sums[base]!
  if (count <= 1e-9) return 0
  const age = sums[base + 1]!
  const spread = sums[base + 2]! - (age * age) / count
  const joint = sums[base + 4]! - (age * sums[base + 3]!) / count
  return -joint / (spread + slopePenalty)
}
