/** The figures of an evaluation by their flat names. */
import type { Metrics } from '../../measure/report.ts'
import { median } from '../../measure/statistics.ts'
import { rateOf, type Alarms, type FalseAlarms } from './false-alarms.ts'
import type { SlowRun } from './over-drives.ts'
import type { Run } from './recall.ts'
import { coverageAlways, coverageAtAlert, recallOf } from './scores.ts'
import { parts } from './split.ts'

export function alarmMetrics({ newVehicles, heldOut, oneVehicle, sentOtherwise, generated }: Alarms): Metrics {
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

export function recallMetrics(runs: readonly Run[]): Metrics {
  const all = recallOf(runs)
  const atAlert = coverageAtAlert(runs)
  const heldOut = coverageAtAlert(runs.filter(({ part }) => part === 'heldOut'))
  const metrics: Metrics = {
    injections: all.runs,
    injectionsReachingLimit: all.reached,
    recallBeforeLimit: all.recall,
    leadTimeMedianSeconds: all.leadMedian,
    leadTimeP10Seconds: all.leadP10,
    delayMedianSeconds: all.delayMedian,
    foreignAlertsPerInjection: all.foreign / all.runs,
    ttfCoverage90: atAlert.covered,
    ...(heldOut.forecasts > 0 && { ttfCoverage90HeldOut: heldOut.covered }),
    ttfCoverage90Always: coverageAlways(runs).covered,
    ttfForecasts: atAlert.forecasts,
    ttfRelativeWidth: atAlert.relativeWidth,
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
        `recall${key === 'rate' ? 'Rate' : ''}${camel(name)}`,
        runs.filter((run) => run[key] === name),
      )
  return metrics
}

function add(metrics: Metrics, name: string, runs: readonly Run[]): void {
  const { recall, reached } = recallOf(runs)
  if (reached > 0) metrics[name] = recall
}

export function slowMetrics(runs: readonly SlowRun[]): Metrics {
  const reached = runs.filter(({ limitHours }) => limitHours !== undefined)
  const leads = reached.map(({ limitHours, alertHours = Infinity }) => Math.max(limitHours! - alertHours, 0))
  return {
    injectionsOverDrives: runs.length,
    recallOverDrives: leads.filter((lead) => lead > 0).length / reached.length,
    leadTimeOverDrivesMedianHours: median(leads),
    foreignAlertsOverDrives: runs.reduce((sum, { foreign }) => sum + foreign.length, 0),
  }
}
