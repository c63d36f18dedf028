/** Whether what was foretold with a probability came true as often. */

export interface Foretold {
  probability: number
  failed: boolean
}

const bins = 10

/** Mean squared error of the probabilities (Brier 1950); NaN of none. */
export const brier = (foretold: readonly Foretold[]): number =>
  foretold.reduce((sum, { probability, failed }) => sum + (probability - (failed ? 1 : 0)) ** 2, 0) / foretold.length

/** Expected calibration error: distance between mean probability and share failed in ten equal bins, weighted by their cases. */
export function calibrationError(foretold: readonly Foretold[]): number {
  const binned = Map.groupBy(foretold, ({ probability }) => Math.min(bins - 1, Math.floor(probability * bins)))
  const distances = [...binned.values()].map((cases) =>
    Math.abs(cases.reduce((sum, { probability, failed }) => sum + probability - (failed ? 1 : 0), 0)),
  )
  return distances.reduce((sum, distance) => sum + distance, 0) / foretold.length
}
