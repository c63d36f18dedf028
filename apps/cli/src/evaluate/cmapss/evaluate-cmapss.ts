/** Trains on the run-to-failure units of each subset in the folder, serves the test units as deployed, and scores. */
import { Terminal } from '@pitcrew/errors'
import type { Measurement } from '../../measure/measurement.ts'
import { judge, type Metrics } from '../../measure/report.ts'
import { number, type Titled } from '../../measure/tables.ts'
import type { EvaluationOptions } from '../evaluation.ts'
import { evaluateSubset, type SubsetResult } from './evaluate-subset.ts'
import { cmapssHorizon } from './life-units.ts'
import { readSubset, type Subset } from './read-subset.ts'

const judged = 'FD001'
const subsets = [judged, 'FD002', 'FD003', 'FD004']
const targets = { rmse: { cmp: '<=', want: 12 }, coverage90: { cmp: '>=', want: 0.9 } } as const

/** FD001 must be there and has targets; FD002 to FD004 are reported when they are. Throws Terminal DATA_SET_INCOMPLETE. */
export async function evaluateCmapss({ dataDir, onProgress }: EvaluationOptions): Promise<Measurement> {
  const present = (await Promise.all(subsets.map((name) => readSubset(dataDir, name)))).filter(
    (one) => one !== undefined,
  )
  if (!present.some(({ name }) => name === judged))
    throw new Terminal('DATA_SET_INCOMPLETE', `${dataDir} has no train_${judged}.txt`, {
      hint: `cmapss is train_${judged}.txt, test_${judged}.txt and RUL_${judged}.txt in one folder`,
    })
  const results = present.map((subset) => evaluateSubset(subset, onProgress))
  const report = judge({
    name: 'evaluate cmapss',
    protocol: protocolOf(present, results),
    metrics: Object.assign({}, ...results.map(metricsOf)) as Metrics,
    targets,
  })
  return { report, full: [tableOf(results), partsOf(results)], short: [tableOf(results)] }
}

/** Of FD001 under their own names, of the others with the subset in front. */
function metricsOf({ name, metrics }: SubsetResult): Metrics {
  const named = ([metric, value]: [string, number]): [string, number] => [
    name === judged ? metric : `${name.toLowerCase()}${metric[0]!.toUpperCase()}${metric.slice(1)}`,
    value,
  ]
  return Object.fromEntries(Object.entries(metrics).map(named))
}

function protocolOf(present: readonly Subset[], results: readonly SubsetResult[]): Record<string, unknown> {
  return {
    trainedOn: 'train_FD00x.txt of the same subset, all units, each run to failure; nothing of the test units',
    tunedOn:
      'train_FD001.txt, cross-validated by unit; errors on test units 1-50 of FD001 were printed beside while candidates were compared',
    servedAs: 'each test unit cycle by cycle through stepLife; the answer after its last cycle is scored',
    horizonCycles: cmapssHorizon,
    convention:
      'rmse, asymmetricScore, coverage90 and meanIntervalWidth cut truth, prediction and bounds at 125 cycles, as most published figures do; those named Uncapped take the true life as given and the bounds as served',
    interval: '90 %, conformal by unit over cross-validated predictions, in strata of the predicted life',
    rmseByAgeAlone: 'what the same model tells of units whose signals it does not see',
    microsecondsPerPrediction: 'one step of one unit, on one core: readings in, life and interval out',
    subsets: Object.fromEntries(
      present.map(({ name, train, test, lives }, index) => [
        name,
        {
          trainUnits: train.length,
          testUnits: test.length,
          unitsScored: lives.length,
          unitsWithoutTruth: test.length - lives.length,
          crossValidated: results[index]!.card.metrics,
        },
      ]),
    ),
  }
}

function tableOf(results: readonly SubsetResult[]): Titled {
  const rows: [string, string][] = [
    ['RMSE, cycles (lives cut at 125)', 'rmse'],
    ['RMSE, cycles (true lives)', 'rmseUncapped'],
    ['RMSE within 50 cycles of failure', 'rmseWithin50'],
    ['RMSE by age alone', 'rmseByAgeAlone'],
    ['asymmetric score', 'asymmetricScore'],
    ['true life within the 90 % interval', 'coverage90'],
    ['mean width of the interval, cycles', 'meanIntervalWidth'],
    ['training, s', 'trainSeconds'],
    ['one prediction, µs', 'microsecondsPerPrediction'],
  ]
  return {
    title: 'Remaining life of turbofan engines (C-MAPSS):',
    head: ['', ...results.map(({ name }) => name)],
    rows: rows.map(([words, metric]) => [words, ...results.map(({ metrics }) => number(metrics[metric]!))]),
  }
}

function partsOf(results: readonly SubsetResult[]): Titled {
  const metrics = Object.keys(results[0]!.card.metrics)
  return {
    title: 'Cross-validated by unit on the training units:',
    head: ['', ...results.map(({ name }) => name)],
    rows: metrics.map((metric) => [metric, ...results.map(({ card }) => number(card.metrics[metric]!))]),
  }
}
