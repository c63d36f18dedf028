/**
 * What predictors tell of units that they were not trained on: how the members are joined, how wide the interval is and
 * what the card says all come from here.
 *
 * 1. Folds are of whole units; a fold's features, normals and health indices come from the other folds alone.
 * 2. A unit that still runs is trained on in every fold and tried in none.
 * 3. One that comes in late is tried from where serving tells its life by signals: once its first steps were seen.
 */
import { fitPredictor, follow, startsOf, strideOf, type FitOptions } from './fit-predictor.ts'
import { bandAt, calibrateBand, nearFailure, type Foretold } from './life-band.ts'
import type { LifePredictor } from './life-model.ts'
import type { LifeUnit } from './life-unit.ts'
import { joined, memberLives, type MemberLives } from './predict-life.ts'
import { cutAt, scoreLife, type LifeScore } from './score-life.ts'
import { seeded, shuffled } from './seeded.ts'

/** What each member told of a moment of a unit that it was not trained on. */
export interface Trial extends MemberLives {
  unit: number
  fold: number
  remaining: number
  /** The unit came in after its start. */
  late: boolean
}

export const folds = 5

export function tryOut(
  units: readonly LifeUnit[],
  options: FitOptions & { onProgress: (words: string) => void },
): Trial[] {
  const stride = strideOf(units)
  const order = shuffled(units.length, seeded(options.seed + 2)).filter((index) => units[index]!.failed)
  const foldOf = new Map(order.map((index, place) => [index, place % folds]))
  const starts = startsOf(units, options)
  return Array.from({ length: folds }, (_, fold) => {
    options.onProgress(`fold ${fold + 1} of ${folds}: training without a fifth of the units, trying on those`)
    const predictor = fitPredictor(
      units.filter((_, index) => foldOf.get(index) !== fold),
      options,
    )
    const held = order.filter((index) => foldOf.get(index) === fold)
    return held.flatMap((index) =>
      starts[index]!.flatMap((start) => trialsOf(predictor, units[index]!, { index, fold, start, stride })),
    )
  }).flat()
}

interface Held {
  index: number
  fold: number
  start: number
  stride: number
}

function trialsOf(predictor: LifePredictor, unit: LifeUnit, { index, fold, start, stride }: Held): Trial[] {
  const trials: Trial[] = []
  const late = start > 0
  follow(predictor.plan, unit, { start, stride, phase: index }, (step, state) => {
    if (late && state.observed < predictor.plan.baselineSteps) return
    trials.push({ unit: index, fold, late, remaining: unit.steps - 1 - step, ...memberLives(predictor, state) })
  })
  return trials
}

/** Least squares of the joined prediction, within 0 and 1. */
export function bestShare(trials: readonly Trial[], horizon: number): number {
  let joint = 0
  let own = 0
  for (const { trees, waves, remaining } of trials) {
    if (remaining > nearFailure * horizon) continue
    joint += (Math.min(horizon, remaining) - waves) * (trees - waves)
    own += (trees - waves) ** 2
  }
  return own === 0 ? 1 : Math.min(1, Math.max(0, joint / own))
}

export const foretell = (trials: readonly Trial[], treeShare: number, horizon: number): Foretold[] =>
  trials.map((trial) => ({
    unit: trial.unit,
    remaining: trial.remaining,
    predicted: joined(trial, treeShare, horizon),
  }))

/** Each fold with the interval that the others calibrate, over steps within `nearFailure` horizons of failure. */
export function crossValidated(
  trials: readonly Trial[],
  treeShare: number,
  { horizon, coverage }: { horizon: number; coverage: number },
): LifeScore {
  const told = Array.from({ length: folds }, (_, fold) => {
    const others = trials.filter((trial) => trial.fold !== fold)
    const band = calibrateBand(foretell(others, treeShare, horizon), horizon, coverage)
    return trials
      .filter((trial) => trial.fold === fold && trial.remaining <= nearFailure * horizon)
      .map((trial) => {
        const remaining = joined(trial, treeShare, horizon)
        return { remaining, truth: trial.remaining, ...bandAt(band, remaining) }
      })
  }).flat()
  return scoreLife(cutAt(horizon, told))
}
