/** One subset: trained, served and scored. */
import {
  createLifeState,
  cutAt,
  scoreLife,
  stepLife,
  trainLife,
  type LifeModel,
  type LifePrediction,
  type ModelCard,
  type ScoredLife,
} from '@pitcrew/detection'
import type { Metrics } from '../../measure/report.ts'
import { cmapssHorizon, lifeUnitsOfCmapss, readingsOfCmapss } from './life-units.ts'
import { cmapssSettings, type CmapssUnit } from './read-cmapss.ts'
import type { Subset } from './read-subset.ts'

export interface SubsetResult {
  name: string
  metrics: Metrics
  card: ModelCard
}

const soon = 50

export function evaluateSubset(subset: Subset, onProgress: (words: string) => void): SubsetResult {
  const { name, lives, test } = subset
  const started = performance.now()
  const model = train(subset, onProgress)
  const trained = performance.now()
  onProgress(`${name}: serving ${test.length} test units`)
  const steps = test.map(({ rows }) => rows.map(readingsOfCmapss))
  const before = performance.now()
  const served = steps.map((readings) => lastOf(model, readings))
  const microseconds = (performance.now() - before) * 1000
  const told = lives.map((truth, index): ScoredLife => ({ ...served[index]!, truth }))
  const blind = lives.map((truth, index): ScoredLife => ({ ...lastOf(model, withoutSignals(test[index]!)), truth }))
  return {
    name,
    card: model.card,
    metrics: {
      ...scores(told),
      rmseByAgeAlone: scoreLife(cutAt(cmapssHorizon, blind)).rmse,
      trainSeconds: (trained - started) / 1000,
      microsecondsPerPrediction: microseconds / steps.reduce((sum, { length }) => sum + length, 0),
    },
  }
}

function train({ name, train: units, sha256 }: Subset, onProgress: (words: string) => void): LifeModel {
  return trainLife(lifeUnitsOfCmapss(units), {
    card: {
      name: `turbofan-${name.toLowerCase()}`,
      version: '1',
      trainedAt: new Date().toISOString(),
      data: { description: `NASA C-MAPSS ${name}, training units`, sha256 },
    },
    settings: cmapssSettings,
    horizon: cmapssHorizon,
    onProgress: (words) => onProgress(`${name}: ${words}`),
  })
}

/** What is told after the last step. */
function lastOf(model: LifeModel, steps: readonly Record<string, number>[]): LifePrediction {
  const state = createLifeState(model)
  let told: LifePrediction = { remaining: NaN, lower: NaN, upper: NaN }
  for (const readings of steps) told = stepLife(model, state, readings)
  return told
}

const withoutSignals = ({ rows }: CmapssUnit): Record<string, number>[] => rows.map(() => ({}))

function scores(told: readonly ScoredLife[]): Metrics {
  const cut = scoreLife(cutAt(cmapssHorizon, told))
  const uncut = scoreLife(told)
  return {
    rmse: cut.rmse,
    rmseUncapped: uncut.rmse,
    rmseWithin50: scoreLife(told.filter(({ truth }) => truth <= soon)).rmse,
    asymmetricScore: cut.asymmetricScore,
    asymmetricScoreUncapped: uncut.asymmetricScore,
    coverage90: cut.coverage,
    coverage90Uncapped: uncut.coverage,
    meanIntervalWidth: cut.meanIntervalWidth,
    meanIntervalWidthUncapped: uncut.meanIntervalWidth,
  }
}
