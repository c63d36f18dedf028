/**
 * Benjamini-Hochberg adjusted p-values, in the order given: rejecting those <= q keeps the expected share of false
 * discoveries under q. Y. Benjamini & Y. Hochberg, J. Royal Statistical Society B 57 (1995).
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const count = pValues.length
  const descending = pValues.map((p, index) => ({ p, index })).sort((x, y) => y.p - x.p)
  const adjusted = new Array<number>(count)
  let least = 1
  descending.forEach(({ p, index }, position) => {
    const rank = count - position
    least = Math.min(least, (p * count) / rank)
    adjusted[index] = least
  })
  return adjusted
}
