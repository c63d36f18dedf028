/** `./pitcrew evaluate carobd`: false alarms on real drives, recall and lead time on degradations injected into them. */
import type { SignalFrame } from '@pitcrew/signals'
import { judge, type Metrics, type Report } from '../../measure/report.ts'
import type { Evaluation } from '../evaluation.ts'
import { asNewVehicles, asOneVehicle, asSentOtherwise, generated, rateOf, type FalseAlarms } from './false-alarms.ts'
import { readLogs, type Logs } from './logs.ts'
import { generatedHoursEach, generatedVehicles, protocolOf, restsMs } from './protocol.ts'
import { recallRuns, type Run } from './recall.ts'
import { coverageAlways, coverageAtAlert, recallOf } from './scores.ts'
import { parts, partOf, type Part } from './split.ts'
import { alarmTable, recallTables, shortTables } from './tables.ts'

const targets: Report['targets'] = {
  falseAlarmsPer100h: { cmp: '<=', want: 1 },
  falseAlarmsPer100hOneVehicle: { cmp: '<=', want: 1 },
  recallBeforeLimit: { cmp: '>=', want: 0.95 },
  recallBeforeLimitHeldOut: { cmp: '>=', want: 0.95 },
  ttfCoverage90: { cmp: '>=', want: 0.9 },
}

export const evaluateCarobd: Evaluation = async ({ dataDir, onProgress }) => {
  const logs = readLogs(dataDir)
  const alarms = measureAlarms(logs, onProgress)
  const runs: Run[] = []
  for (const [name, frames] of logs.drives) {
    runs.push(...recallRuns(name, frames))
    onProgress(`${name}: ${runs.length} degradations injected so far`)
  }
  const metrics = { ...alarmMetrics(alarms), ...recallMetrics(runs) }
  const report = judge({ name: 'carobd', protocol: protocolOf(logs), metrics, targets })
  return { report, full: [alarmTable(alarms), ...recallTables(runs)], short: shortTables(alarms, runs) }
}

export type Alarms = Record<'newVehicles' | 'heldOut' | 'oneVehicle' | 'sentOtherwise' | 'generated', FalseAlarms>

function measureAlarms({ drives }: Logs, onProgress: (words: string) => void): Alarms {
  const alarms: Alarms = {
    newVehicles: asNewVehicles(drives),
    heldOut: asNewVehicles(half(drives, 'heldOut')),
    oneVehicle: restsMs
      .map((restMs) => asOneVehicle(drives, restMs))
      .reduce((worst, one) => (one.alarms.length > worst.alarms.length ? one : worst)),
    sentOtherwise: asSentOtherwise(drives),
    generated: generated(generatedVehicles, generatedHoursEach),
  }
  for (const [name, { hours, alarms: raised }] of Object.entries(alarms))
    onProgress(`${name}: ${raised.length} alarms in ${hours.toFixed(1)} h ${raised.join(', ')}`)
  return alarms
}

const half = (drives: Logs['drives'], part: Part): Map<string, SignalFrame[]> =>
  new Map([...drives].filter(([name]) => partOf(name) === part))

function alarmMetrics({ newVehicles, heldOut, oneVehicle, sentOtherwise, generated }: Alarms): Metrics {
  return {
    healthyHours: newVehicles.hours,
    ...named('', newVehicles),
    ...named('HeldOut', heldOut),
    ...named('OneVehicle', oneVehicle),
    ...named('SentOtherwise', sentOtherwise),
    generatedHours: generated.hours,
    ...named('Generated', generated),
  }
}

function named(suffix: string, alarms: FalseAlarms): Metrics {
  if (alarms.hours === 0) return {}
  const { per100h, upper95 } = rateOf(alarms)
  return { [`falseAlarmsPer100h${suffix}`]: per100h, [`falseAlarmsPer100h${suffix}Upper95`]: upper95 }
}

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1)
const camel = (name: string): string => name.split('-').map(capital).join('')

function recallMetrics(runs: readonly Run[]): Metrics {
  const all = recallOf(runs)
  const atAlert = coverageAtAlert(runs)
  const always = coverageAlways(runs)
  const metrics: Metrics = {
    injections: all.runs,
    injectionsReachingLimit: all.reached,
    recallBeforeLimit: all.recall,
    leadTimeMedianSeconds: all.leadMedian,
    leadTimeP10Seconds: all.leadP10,
    delayMedianSeconds: all.delayMedian,
    foreignAlertsPerInjection: all.foreign / all.runs,
    ttfCoverage90: atAlert.covered,
    ttfCoverage90HeldOut: coverageAtAlert(runs.filter(({ part }) => part === 'heldOut')).covered,
    ttfForecasts: atAlert.forecasts,
    ttfRelativeWidth: atAlert.relativeWidth,
    ttfCoverage90Always: always.covered,
  }
  for (const part of parts)
    add(
      metrics,
      `recallBeforeLimit${capital(part)}`,
      runs.filter((run) => run.part === part),
    )
  for (const key of ['fault', 'development', 'rate'] as const)
    for (const name of new Set(runs.map((run) => run[key])))
      add(
        metrics,
        `recall${camel(name)}`,
        runs.filter((run) => run[key] === name),
      )
  return metrics
}

function add(metrics: Metrics, name: string, runs: readonly Run[]): void {
  const { recall, reached } = recallOf(runs)
  if (reached > 0) metrics[name] = recall
}
