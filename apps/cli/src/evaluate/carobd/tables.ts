import { number, type Titled } from '../../measure/tables.ts'
import { rateOf, type Alarms, type FalseAlarms } from './false-alarms.ts'
import type { SlowRun } from './over-drives.ts'
import type { Run } from './recall.ts'
import { coverageAlways, coverageAtAlert, recallOf } from './scores.ts'
import { parts } from './split.ts'

const words: Record<keyof Alarms, string> = {
  newVehicles: 'each drive by a new vehicle',
  heldOut: '- of them held out',
  oneVehicle: 'all drives by one vehicle',
  sentOtherwise: 'every tenth row; rows 1 s apart',
  generated: 'generated vehicles (apart)',
}

export function alarmTable(alarms: Alarms): Titled {
  const rows = (Object.entries(alarms) as [keyof Alarms, FalseAlarms][])
    .filter(([, { hours }]) => hours > 0)
    .map(([name, found]) => {
      const { per100h, upper95 } = rateOf(found)
      return [words[name], number(found.hours), String(found.alarms.length), number(per100h), number(upper95)]
    })
  return {
    title: 'False alarms on healthy drives:',
    head: ['driven', 'hours', 'alarms', 'per 100 h', 'upper 95 %'],
    rows,
  }
}

const head = [
  '',
  'injected',
  'reach limit',
  'found before',
  'recall',
  'lead s (median)',
  'lead s (p10)',
  'delay s',
  'foreign',
]

function recallRow(name: string, runs: readonly Run[]): string[] {
  const { runs: count, reached, found, recall, leadMedian, leadP10, delayMedian, foreign } = recallOf(runs)
  const figures = [count, reached, found].map(String)
  const measured = [recall, leadMedian, leadP10, delayMedian].map((value) =>
    Number.isNaN(value) ? '-' : number(value),
  )
  return [name, ...figures, ...measured, String(foreign)]
}

const partRows = (runs: readonly Run[]): string[][] => [
  recallRow('all', runs),
  ...parts.map((part) =>
    recallRow(
      part === 'tuned' ? 'tuned half' : 'held out',
      runs.filter((run) => run.part === part),
    ),
  ),
]

const rowsBy = (runs: readonly Run[], key: 'fault' | 'development' | 'rate'): string[][] =>
  [...new Set(runs.map((run) => run[key]))].map((name) =>
    recallRow(
      name,
      runs.filter((run) => run[key] === name),
    ),
  )

export const recallTables = (runs: readonly Run[]): Titled[] => [
  { title: 'Injected degradations found before their limit:', head, rows: partRows(runs) },
  { title: 'By fault:', head, rows: rowsBy(runs, 'fault') },
  { title: 'By development:', head, rows: rowsBy(runs, 'development') },
  { title: 'By rate:', head, rows: rowsBy(runs, 'rate') },
  coverageTable(runs),
]

function coverageTable(runs: readonly Run[]): Titled {
  const row = (name: string, { forecasts, told, covered, relativeWidth }: ReturnType<typeof coverageAtAlert>) => [
    name,
    String(forecasts),
    String(told),
    number(covered),
    number(relativeWidth),
  ]
  return {
    title: 'Time to limit, 90 % interval:',
    head: ['forecast', 'count', 'limit seen', 'covered', 'width / true time'],
    rows: [row('at the alert', coverageAtAlert(runs)), row('every 30 s', coverageAlways(runs))],
  }
}

export const shortTables = (alarms: Alarms, runs: readonly Run[]): Titled[] => [
  alarmTable(alarms),
  {
    title: 'Injected degradations found before their limit:',
    head,
    rows: [...partRows(runs), ...rowsBy(runs, 'development')],
  },
  coverageTable(runs),
]

export function slowTable(runs: readonly SlowRun[]): Titled {
  const hours = (value: number | undefined) => (value === undefined ? '-' : number(value))
  const rows = runs.map(({ fault, development, limitHours, alertHours, foreign }) => [
    fault,
    development,
    hours(alertHours),
    hours(limitHours),
    foreign.join(', '),
  ])
  return {
    title: 'Slow degradation over all drives of one vehicle, hours:',
    head: ['', 'development', 'alert', 'limit', 'foreign'],
    rows,
  }
}
