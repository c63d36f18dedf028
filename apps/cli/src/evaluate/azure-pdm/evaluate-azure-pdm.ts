/** How well failures of held-out machines are foretold from codes and maintenance, and which models they concentrate in. */
import { Terminal } from '@pitcrew/errors'
import { concentrations, type Concentration, type RiskOptions, type UnitHistory } from '@pitcrew/detection'
import { judge, type Metrics, type Report } from '../../measure/report.ts'
import { median, percentile } from '../../measure/statistics.ts'
import type { Evaluation } from '../evaluation.ts'
import { brier, calibrationError } from './calibration.ts'
import { heldOut, type Served } from './held-out.ts'
import { failuresOf, historiesOf } from './histories.ts'
import { readAzurePdm } from './read-azure-pdm.ts'
import { hourMs, score, type Rule, type Score } from './score.ts'
import { tablesOf } from './tables.ts'

export const rule: Rule = { horizonHours: 24, leastLeadHours: 1, refractoryHours: 24 }
export const folds = 5
/** Of the record, before the date that parts training from what is scored. */
const earlier = 2 / 3
const naming = { leastLift: 2, mostQ: 0.01 }

/** Scored again without what a simulator may have made too regular. */
const poorer = [
  { name: 'withoutClock', words: 'the same without the hour of the day', timing: { clock: false, visits: true } },
  { name: 'withoutVisits', words: 'the same without the rhythm of visits', timing: { clock: true, visits: false } },
  { name: 'withoutTiming', words: 'the same without either', timing: { clock: false, visits: false } },
]

export const evaluateAzurePdm: Evaluation = async ({ dataDir, onProgress }) => {
  const fleet = historiesOf(await readAzurePdm(dataDir))
  if (fleet.length < folds) throw tooFew(fleet.length)
  const options: RiskOptions = { horizonHours: rule.horizonHours }
  const cutMs = cutOf(fleet)
  onProgress(`${fleet.length} machines: trained on four fifths of them, scored on the fifth, five times`)
  const byUnit = heldOut(fleet, { folds, options })
  onProgress(`the same, trained before ${day(cutMs)} and scored after it`)
  const later = heldOut(fleet, { folds, options, cutMs })
  const [all, after] = [scoreOf(byUnit, fleet), scoreOf(later, fleet, cutMs)]
  const less = poorer.map(({ name, words, timing }) => {
    onProgress(words)
    return { name, words, score: scoreOf(heldOut(fleet, { folds, options: { ...options, timing } }), fleet) }
  })
  const pairs = concentrations(fleet)
  const named = pairs.filter(({ lift, qValue }) => lift >= naming.leastLift && qValue <= naming.mostQ)
  const metrics: Metrics = {
    ...figuresOf(all, byUnit),
    recallLimit: recallLimit(fleet),
    stateBytesMost: byUnit.stateBytes,
    ...prefixed('later', figuresOf(after, later)),
    ...Object.assign({}, ...less.map(({ name, score: one }) => prefixed(name, ratios(one)))),
    ...namedFigures(named),
  }
  const components = [...new Set(fleet.flatMap(failuresOf).map(({ component }) => component))].sort()
  const perComponent = components.map((one): [string, Score] => [
    one,
    scoreOf(only(byUnit, one), fleet, undefined, one),
  ])
  const report = reportOf(fleet, metrics, named, cutMs)
  return { report, ...tablesOf({ all, after, less, perComponent, pairs, named }) }
}

function reportOf(
  fleet: readonly UnitHistory[],
  metrics: Metrics,
  named: readonly Concentration[],
  cutMs: number,
): Report {
  const wanted = { cmp: '>=', want: 0.95 } as const
  return judge({
    name: 'azure-pdm',
    protocol: {
      machines: fleet.length,
      seen: 'error codes, visits with the components replaced, model and age; no telemetry; no failure of the machine served',
      precisionAndRecall: `${folds} folds by machine, each served by a model trained on the other machines; the whole record`,
      later: `the same folds, trained before ${day(cutMs)} (two thirds of the record), scored after it`,
      ...rule,
      alarm:
        'machine and component, at the time t of a code, probability of failure within the horizon from 0.5 on; not counted within the refractory time after a counted one',
      right: 'the component fails in [t + least lead, t + horizon]; every other alarm is false',
      found: 'a failure with at least one counted alarm that is right about it; failures that no code precedes count',
      alarmAt: 0.5,
      timing:
        'withoutTiming is what codes, parts, model and age reach alone; the rest is the regularity of this data set: failures at the visit at 06:00, 24 h after their code',
      naming: `failures per day watched, ${naming.leastLift} times those of all other models, false discoveries at most ${naming.mostQ}`,
      named: named.map(({ model, component, failures, ratePerYear, lift, qValue }) => {
        return { model, component, failures, ratePerYear, lift, qValue }
      }),
    },
    metrics,
    targets: {
      precision: wanted,
      recall: wanted,
      laterPrecision: wanted,
      laterRecall: wanted,
      namedModels: { cmp: '>=', want: 2 },
      namedPairs: { cmp: '<=', want: 2 },
      namedComponents: { cmp: '<=', want: 1 },
    },
  })
}

export function scoreOf(served: Served, fleet: readonly UnitHistory[], cutMs?: number, component?: string): Score {
  const failures = fleet.flatMap(failuresOf).filter((one) => (component ?? one.component) === one.component)
  const countFromMs = cutMs === undefined ? -Infinity : cutMs + rule.horizonHours * hourMs
  return score(served.alarms, failures, rule, { countFromMs, toMs: fleet[0]!.observed.toMs })
}

const only = (served: Served, component: string): Served => ({
  ...served,
  alarms: served.alarms.filter((alarm) => alarm.component === component),
})

export const ratios = ({ right, alarms, found, failures }: Score): Metrics => ({
  precision: right / alarms,
  recall: found / failures,
})

const figuresOf = (one: Score, { foretold }: Served): Metrics => ({
  ...ratios(one),
  failures: one.failures,
  found: one.found,
  alarms: one.alarms,
  falseAlarms: one.alarms - one.right,
  undecidedAlarms: one.undecided,
  leadHoursMedian: median(one.leadHours),
  leadHoursP5: percentile(one.leadHours, 0.05),
  leadHoursLeast: percentile(one.leadHours, 0),
  intervalCoverage: one.inInterval / one.right,
  brier: brier(foretold),
  calibrationError: calibrationError(foretold),
})

const prefixed = (prefix: string, metrics: Metrics): Metrics =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [`${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`, value]),
  )

function namedFigures(named: readonly Concentration[]): Metrics {
  const lifts = Object.fromEntries(named.map(({ model, component, lift }) => [`lift.${model}.${component}`, lift]))
  return {
    namedPairs: named.length,
    namedModels: new Set(named.map(({ model }) => model)).size,
    namedComponents: new Set(named.map(({ component }) => component)).size,
    ...lifts,
  }
}

/** Share of failures that any code at all precedes in time: no more can be foretold from codes. */
function recallLimit(fleet: readonly UnitHistory[]): number {
  const { horizonHours, leastLeadHours } = rule
  const failures = fleet.flatMap((unit) => failuresOf(unit).map((failure) => ({ unit, failure })))
  const preceded = failures.filter(({ unit, failure }) =>
    unit.events.some(({ kind, atMs }) => {
      const hours = (failure.atMs - atMs) / hourMs
      return kind === 'codes' && hours >= leastLeadHours && hours <= horizonHours
    }),
  )
  return preceded.length / failures.length
}

function cutOf(fleet: readonly UnitHistory[]): number {
  const { fromMs, toMs } = fleet[0]!.observed
  return fromMs + (toMs - fromMs) * earlier
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const tooFew = (machines: number): Terminal =>
  new Terminal(
    'DATA_SET_INCOMPLETE',
    `azure-pdm has ${machines} machines: expected at least ${folds}, one for each fold`,
    {
      hint: 'PdM_machines.csv lists them',
    },
  )
