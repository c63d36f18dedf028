/** The product-limit estimate (Kaplan and Meier 1958): a distribution from observations of which some ended too early. */
export interface Score {
  score: number
  /** The true one is at least this. */
  censored: boolean
}

function* survival(scores: readonly Score[]): Generator<{ score: number; survival: number }> {
  const sorted = scores.toSorted((a, b) => a.score - b.score || Number(a.censored) - Number(b.censored))
  let left = 1
  for (const [index, { score, censored }] of sorted.entries()) {
    if (censored) continue
    left *= 1 - 1 / (sorted.length - index)
    yield { score, survival: left }
  }
}

/** The score that `share` (0 to 1) do not exceed; the largest one where the estimate does not come down so far. */
export function quantile(scores: readonly Score[], share: number): number {
  for (const step of survival(scores)) if (1 - step.survival >= share - 1e-12) return step.score
  return Math.max(...scores.map(({ score }) => score))
}

/** Share of scores above `limit`. */
export function survivalBeyond(scores: readonly Score[], limit: number): number {
  let left = 1
  for (const step of survival(scores)) {
    if (step.score > limit) break
    left = step.survival
  }
  return left
}
