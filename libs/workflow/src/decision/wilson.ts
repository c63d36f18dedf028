/** 1.96: the 97.5 % point of the normal distribution, for an interval of 95 %. */
const z = 1.959964

/**
 * Lower end of the score interval of a proportion (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
 * Inference", JASA 22, 1927): few successes out of few trials promise less than many out of many.
 */
export function wilsonLowerBound(successes: number, trials: number): number {
  if (trials <= 0) return 0
  const share = successes / trials
  const middle = share + (z * z) / (2 * trials)
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * trials)) / trials)
  return Math.max(0, (middle - spread) / (1 + (z * z) / trials))
}
