/**
 * Remaining life learned from run-to-failure histories: boosted trees and random waves on the same features, joined in the
 * proportion that serves units best which neither has seen, with an interval from the same.
 *
 * 1. Units that still run train what they can: far from failure where they lasted a horizon longer, and the prior.
 * 2. The same units and options give the same model.
 */
import { Terminal } from '@pitcrew/errors'
import type { ModelCard } from '../model-card.ts'
import { boosting, farWeight, fitPredictor, waveOptions, type FitOptions } from './fit-predictor.ts'
import { calibrateBand, type LifeBand } from './life-band.ts'
import { lifeFormat, type LifeModel } from './life-model.ts'
import type { LifeUnit } from './life-unit.ts'
import { bestShare, crossValidated, folds, foretell, tryOut, type Trial } from './out-of-fold.ts'
import { fitWeibull, remainingQuantile, type Weibull } from './weibull.ts'

export interface LifeTraining {
  /** What the card says and training cannot know. */
  card: Pick<ModelCard, 'name' | 'version' | 'trainedAt'> & { data: Pick<ModelCard['data'], 'description' | 'sha256'> }
  /** Signals that tell the operating condition, not wear. */
  settings?: readonly string[]
  /** Steps ahead that are told apart; 0.6 of the median life when absent. */
  horizon?: number
  /**
   * Units may come in at any age, not only new (false when absent): learned from and calibrated on as well, at some cost to
   * those that are new. A model without it tells such units' lives from their age alone.
   */
  lateStarts?: boolean
  /** Of the interval, 0.9 when absent. */
  coverage?: number
  seed?: number
  onProgress?: (words: string) => void
}

interface Settled extends FitOptions {
  coverage: number
  onProgress: (words: string) => void
}

const leastFailures = 10

/** Throws Terminal LIFE_HISTORY_INVALID when there are too few failures, or signals that do not tell any. */
export function trainLife(units: readonly LifeUnit[], training: LifeTraining): LifeModel {
  const failed = units.filter((unit) => unit.failed)
  if (failed.length < leastFailures)
    throw new Terminal('LIFE_HISTORY_INVALID', `${failed.length} units failed: expected at least ${leastFailures}`, {
      hint: 'an interval needs units that were run to failure; until there are, plan by age',
    })
  const prior = fitWeibull(
    units.map(({ steps }) => steps),
    units.map((unit) => !unit.failed),
  )
  const options = settled(training, prior)
  const trials = tryOut(units, options)
  const treeShare = bestShare(trials, options.horizon)
  const fromNew = trials.filter(({ late }) => !late)
  const bandOf = (tried: readonly Trial[]): LifeBand =>
    calibrateBand(foretell(tried, treeShare, options.horizon), options.horizon, options.coverage)
  options.onProgress(`training on all ${units.length} units`)
  return {
    kind: 'life',
    format: lifeFormat,
    card: cardOf(units, trials, treeShare, training, options),
    horizon: options.horizon,
    treeShare,
    coverage: options.coverage,
    ...fitPredictor(units, options),
    band: bandOf(fromNew),
    lateBand: options.lateStarts ? bandOf(trials.filter(({ late }) => late)) : null,
    prior,
  }
}

function settled(training: LifeTraining, prior: Weibull): Settled {
  const { settings = [], coverage = 0.9, lateStarts = false, seed = 1, onProgress = () => {} } = training
  const horizon = training.horizon ?? Math.max(1, Math.round(0.6 * remainingQuantile(prior, 0, 0.5)))
  if (!(horizon >= 1 && Number.isFinite(horizon) && coverage > 0 && coverage < 1))
    throw new Terminal('LIFE_TRAINING_INVALID', `horizon ${horizon}, coverage ${coverage}: expected >= 1, and 0 to 1`, {
      hint: 'the horizon is in steps; a 90 % interval has coverage 0.9',
    })
  return { settings, coverage, lateStarts, seed, onProgress, horizon }
}

function cardOf(
  units: readonly LifeUnit[],
  trials: readonly Trial[],
  treeShare: number,
  { card }: LifeTraining,
  options: Settled,
): ModelCard {
  const { horizon, coverage, lateStarts, seed, settings } = options
  const fromNew = trials.filter(({ late }) => !late)
  const alone = (share: number): number => crossValidated(fromNew, share, options).rmse
  const rows = units.reduce((sum, { steps }) => sum + steps, 0)
  const score = crossValidated(fromNew, treeShare, options)
  const late = lateStarts
    ? crossValidated(
        trials.filter((trial) => trial.late),
        treeShare,
        options,
      )
    : undefined
  return {
    ...card,
    kind: 'life',
    data: { ...card.data, units: units.length, rows },
    metrics: {
      rmse: score.rmse,
      rmseTreesAlone: alone(1),
      rmseWavesAlone: alone(0),
      coverage: score.coverage,
      meanIntervalWidth: score.meanIntervalWidth,
      ...(late && { rmseLate: late.rmse, coverageLate: late.coverage, meanIntervalWidthLate: late.meanIntervalWidth }),
    },
    parameters: {
      horizon,
      coverage,
      lateStarts,
      seed,
      settings,
      folds,
      farWeight,
      treeShare,
      boosting,
      waves: waveOptions,
    },
  }
}
