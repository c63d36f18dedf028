/**
 * Conformal interval around a predicted life, calibrated on predictions for units that the predictor was not trained on
 * (split conformal, Vovk et al. 2005), in strata of the predicted life so that it holds near failure as far from it.
 *
 * 1. Exchangeable are units, not steps: within a stratum every unit weighs the same, however many steps it has there.
 * 2. The lower bound is calibrated on units within 1.2 horizons of failure: far ones would make it hopeful.
 * 3. The upper bound is calibrated on the true life, not on that cut at the horizon.
 * 4. Each side misses in at most half of the allowed share, in every stratum: over all of them the interval holds more
 *    than it has to, never less.
 */
export interface LifeBand {
  /** Predicted lives, rising, and how far the truth lies below and above there; linear in between. */
  knots: number[]
  below: number[]
  above: number[]
}

export interface Foretold {
  unit: number
  predicted: number
  /** True remaining steps, not cut. */
  remaining: number
}

const shares = [0, 0.04, 0.08, 0.12, 0.16, 0.24, 0.32, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
const reach = 0.06
export const nearFailure = 1.2

/** `coverage` of the interval, 0 to 1; both sides miss alike. */
export function calibrateBand(foretold: readonly Foretold[], horizon: number, coverage: number): LifeBand {
  const share = 1 - (1 - coverage) / 2
  const knots = shares.map((one) => one * horizon)
  const near = foretold.filter(({ remaining }) => remaining <= nearFailure * horizon)
  return {
    knots,
    below: knots.map((knot) =>
      outer(
        stratum(near, knot, horizon),
        share,
        ({ predicted, remaining }) => predicted - Math.min(horizon, remaining),
      ),
    ),
    above: knots.map((knot) =>
      outer(stratum(foretold, knot, horizon), share, ({ predicted, remaining }) => remaining - predicted),
    ),
  }
}

export function bandAt({ knots, below, above }: LifeBand, predicted: number): { lower: number; upper: number } {
  let right = 1
  while (right < knots.length - 1 && knots[right]! < predicted) right++
  const from = knots[right - 1]!
  const part = Math.min(1, Math.max(0, (predicted - from) / (knots[right]! - from)))
  const between = (values: number[]): number => values[right - 1]! * (1 - part) + values[right]! * part
  return { lower: Math.max(0, predicted - between(below)), upper: predicted + between(above) }
}

/** Those predicted about `knot`: within reach, or within as much more as it takes to see half of the units. */
function stratum(foretold: readonly Foretold[], knot: number, horizon: number): Foretold[] {
  const units = new Set(foretold.map(({ unit }) => unit)).size
  for (let width = reach * horizon; ; width *= 1.5) {
    const chosen = foretold.filter(({ predicted }) => Math.abs(predicted - knot) <= width)
    if (2 * new Set(chosen.map(({ unit }) => unit)).size >= units || width > horizon) return chosen
  }
}

function outer(chosen: readonly Foretold[], share: number, missBy: (one: Foretold) => number): number {
  const steps = new Map<number, number>()
  for (const { unit } of chosen) steps.set(unit, (steps.get(unit) ?? 0) + 1)
  const units = steps.size
  const level = Math.min(units, share * (units + 1))
  const sorted = chosen.map((one) => ({ miss: missBy(one), weight: 1 / steps.get(one.unit)! }))
  sorted.sort((a, b) => a.miss - b.miss)
  let passed = 0
  for (const { miss, weight } of sorted) {
    passed += weight
    if (passed >= level - 1e-9) return Math.max(0, miss)
  }
  return Math.max(0, sorted.at(-1)?.miss ?? 0)
}
