/** One predictor from a set of histories: features planned, trees grown and waves fitted on their steps. */
import { featureCount, fillFeatures, newLifeState, observe, type FeaturePlan, type LifeState } from './life-features.ts'
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
  /** Every unit is learned from twice: as observed from new, and as one that comes in at a random age. */
  lateStarts: boolean
}

/** Throws Terminal LIFE_HISTORY_INVALID when no signal follows remaining life. */
export function fitPredictor(units: readonly LifeUnit[], options: FitOptions): LifePredictor {
  const { seed } = options
  const plan = planFeatures(units, options)
  const rows = rowsOf(units, plan, options)
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

/** Steps after which each unit comes in; the state knows its age then. */
export function startsOf(units: readonly LifeUnit[], { lateStarts, seed }: FitOptions): number[][] {
  const random = seeded(seed + 3)
  return units.map(({ steps }) => (lateStarts ? [0, 1 + Math.floor(random() * (steps - 1))] : [0]))
}

/** Serves a unit that comes in after `start` steps; `visit` is called for every `stride`-th step. */
export function follow(
  plan: FeaturePlan,
  unit: LifeUnit,
  { start, stride, phase }: { start: number; stride: number; phase: number },
  visit: (step: number, state: LifeState) => void,
): void {
  const state = newLifeState(plan, start)
  for (let step = start; step < unit.steps; step++) {
    observe(plan, state, readingsAt(unit, step))
    if ((step + phase) % stride === 0) visit(step, state)
  }
}

function rowsOf(units: readonly LifeUnit[], plan: FeaturePlan, options: FitOptions): Rows {
  const width = featureCount(plan)
  const stride = strideOf(units)
  const features: Float64Array[] = []
  const targets: number[] = []
  const weights: number[] = []
  const starts = startsOf(units, options)
  for (const [index, unit] of units.entries())
    for (const start of starts[index]!)
      follow(plan, unit, { start, stride, phase: index }, (step, state) => {
        const remaining = knownRemaining(unit, step, options.horizon)
        if (remaining === undefined) return
        const row = new Float64Array(width)
        fillFeatures(plan, state, row)
        features.push(row)
        targets.push(remaining)
        weights.push(unit.steps - 1 - step > options.horizon ? farWeight : 1)
      })
  const values = new Float64Array(features.length * width)
  for (const [index, row] of features.entries()) values.set(row, index * width)
  return { values, width, targets: Float64Array.from(targets), weights: Float64Array.from(weights) }
}
