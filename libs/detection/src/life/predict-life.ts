/** From features, or from age alone, to a remaining life with its interval. */
import { predictTrees } from './boosted-trees.ts'
import { bandAt, type LifeBand } from './life-band.ts'
import { featureCount, fillFeatures, type LifeState } from './life-features.ts'
import type { LifeModel, LifePrediction, LifePredictor } from './life-model.ts'
import { predictWaves } from './random-waves.ts'
import { meanRemaining, remainingQuantile } from './weibull.ts'

/** Of each member of the ensemble, in steps and not yet within 0 and the horizon. */
export interface MemberLives {
  trees: number
  waves: number
}

export function memberLives({ plan, trees, waves }: LifePredictor, state: LifeState): MemberLives {
  const features = new Float64Array(featureCount(plan))
  fillFeatures(plan, state, features)
  return { trees: predictTrees(trees, features), waves: predictWaves(waves, features) }
}

export function joined({ trees, waves }: MemberLives, treeShare: number, horizon: number): number {
  return Math.min(horizon, Math.max(0, treeShare * trees + (1 - treeShare) * waves))
}

export function fromSignals(model: LifeModel, state: LifeState, band: LifeBand): LifePrediction {
  const remaining = joined(memberLives(model, state), model.treeShare, model.horizon)
  return { remaining, ...bandAt(band, remaining) }
}

/** From the Weibull prior, given that the unit lasted so long. */
export function fromAge({ prior, horizon, coverage }: LifeModel, age: number): LifePrediction {
  const tail = (1 - coverage) / 2
  const remaining = Math.min(horizon, meanRemaining(prior, age, horizon))
  return {
    remaining,
    lower: Math.min(remaining, remainingQuantile(prior, age, tail)),
    upper: Math.max(remaining, remainingQuantile(prior, age, 1 - tail)),
  }
}
