/** The artefact that training gives and serving takes: plain JSON. */
import type { ModelCard } from '../model-card.ts'
import type { BoostedTrees } from './boosted-trees.ts'
import type { LifeBand } from './life-band.ts'
import type { FeaturePlan } from './life-features.ts'
import type { RandomWaves } from './random-waves.ts'
import type { Weibull } from './weibull.ts'

export const lifeFormat = 1

export interface LifePredictor {
  plan: FeaturePlan
  trees: BoostedTrees
  waves: RandomWaves
}

export interface LifeModel extends LifePredictor {
  kind: 'life'
  format: typeof lifeFormat
  card: ModelCard
  /** Steps; a life further off is told as this long, and only its interval says more. */
  horizon: number
  /** Of the trees in the prediction, 0 to 1; the waves have the rest. */
  treeShare: number
  /** Of the interval, 0 to 1. */
  coverage: number
  /** For units observed from new. */
  band: LifeBand
  /** For those that come in later; null when the model did not learn from such, and tells them by age alone. */
  lateBand: LifeBand | null
  /** Of total life: the answer while signals are missing. */
  prior: Weibull
}

/** In steps: 0 <= lower <= remaining <= upper. */
export interface LifePrediction {
  remaining: number
  lower: number
  upper: number
}
