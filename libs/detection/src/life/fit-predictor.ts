/** One predictor from a set of histories: features planned, trees grown and waves fitted on their steps. */
import { featureCount, fillFeatures, newLifeState, observe, type FeaturePlan } from './life-features.ts'
import type { LifePredictor } from './life-model.ts'
import type { LifeUnit } from './life-unit.ts'
import { growTrees, type BoostingOptions } from './grow-trees.ts'
import type { Rows } from './linear.ts'
import { knownRemaining, planFeatures, readingsAt, type PlanOptions } from './plan-features.ts'
import { fitWaves } from './random-waves.ts'
import { seeded } from './seeded.ts'

/** Steps trained on. */
const mostRows = 12_000
/** Of a step further from failure than the horizon, against 1. */
export const farWeight = 0.5
export const boosting: Omit<BoostingOptions, 'minRows'> = {
  trees: 200,
  leaves: 16,
  learningRate: 0.06,
  penalty: 5,
  columnShare: 0.4,
  rowShare: 0.6,
}
export const waveOptions = { waves: 300, width: 1, penalty: 1e-3 }

export interface FitOptions extends PlanOptions {
  seed: number
}

/** Throws Terminal LIFE_HISTORY_INVALID when no signal follows remaining life. */
export function fitPredictor(units: readonly LifeUnit[], { settings, horizon, seed }: FitOptions): LifePredictor {
  const plan = planFeatures(units, { settings, horizon })
  const rows = rowsOf(units, plan, horizon)
  // What a few rows cannot support is not fitted to them: smaller leaves than this, or more waves.
  const count = rows.targets.length
  const minRows = Math.max(5, Math.min(30, Math.round(count / 200)))
  const waves = Math.max(50, Math.min(waveOptions.waves, Math.round(count / 16)))
  return {
    plan,
    trees: growTrees(rows, { ...boosting, minRows }, seeded(seed)),
    waves: fitWaves(rows, { ...waveOptions, waves }, seeded(seed + 1)),
  }
}

/** Of so many steps, every so many-th is taken. */
export const strideOf = (units: readonly LifeUnit[]): number =>
  Math.max(1, Math.ceil(units.reduce((sum, { steps }) => sum + steps, 0) / mostRows))

function rowsOf(units: readonly LifeUnit[], plan: FeaturePlan, horizon: number): Rows {
  const width = featureCount(plan)
  const stride = strideOf(units)
  const features: Float64Array[] = []
  const targets: number[] = []
  const weights: number[] = []
  for (const [index, unit] of units.entries()) {
    const state = newLifeState(plan)
    for (let step = 0; step < unit.steps; step++) {
      observe(plan, state, readingsAt(unit, step))
      const remaining = knownRemaining(unit, step, horizon)
      if (remaining === undefined || (step + index) % stride !== 0) continue
      const row = new Float64Array(width)
      fillFeatures(plan, state, row)
      features.push(row)
      targets.push(remaining)
      weights.push(unit.steps - 1 - step > horizon ? farWeight : 1)
    }
  }
  const values = new Float64Array(features.length * width)
  for (const [index, row] of features.entries()) values.set(row, index * width)
  return { values, width, targets: Float64Array.from(targets), weights: Float64Array.from(weights) }
}
