/** How good told lives are against true ones. */
import type { LifePrediction } from './life-model.ts'

export interface LifeScore {
  /** Root mean square error, in steps. */
  rmse: number
  /**
   * Sum over all of exp(d/10)-1 for a life told d too long and exp(-d/13)-1 for one too short (Saxena et al., Damage
   * Propagation Modeling for Aircraft Engine Run-to-Failure Simulation, PHM 2008).
   */
  asymmetricScore: number
  /** Share of true lives within the interval, bounds included. */
  coverage: number
  meanIntervalWidth: number
}

export interface ScoredLife extends LifePrediction {
  truth: number
}

/** NaN throughout of nothing. */
export function scoreLife(told: readonly ScoredLife[]): LifeScore {
  const mean = (value: (one: ScoredLife) => number): number =>
    told.reduce((sum, one) => sum + value(one), 0) / told.length
  return {
    rmse: Math.sqrt(mean(({ remaining, truth }) => (remaining - truth) ** 2)),
    asymmetricScore: mean(({ remaining, truth }) => asymmetric(remaining - truth)) * told.length,
    coverage: mean(({ lower, upper, truth }) => (lower <= truth && truth <= upper ? 1 : 0)),
    meanIntervalWidth: mean(({ lower, upper }) => upper - lower),
  }
}

const asymmetric = (late: number): number => Math.exp(late < 0 ? -late / 13 : late / 10) - 1

/** Both sides cut at `horizon`, as where lives further off are not told apart. */
export function cutAt(horizon: number, told: readonly ScoredLife[]): ScoredLife[] {
  const cut = (value: number): number => Math.min(horizon, value)
  return told.map(({ remaining, lower, upper, truth }) => ({
    remaining: cut(remaining),
    lower: cut(lower),
    upper: cut(upper),
    truth: cut(truth),
  }))
}
