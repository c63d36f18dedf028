import type { Concentration } from '@pitcrew/detection'
import { number, type Titled } from '../../measure/tables.ts'
import { median, percentile } from '../../measure/statistics.ts'
import type { Score } from './score.ts'

export interface Scores {
  all: Score
  after: Score
  less: { words: string; score: Score }[]
  perComponent: [string, Score][]
  pairs: readonly Concentration[]
  named: readonly Concentration[]
}

const shown = 6

/** For a terminal, and the shorter ones for README.md. */
export function tablesOf({ all, after, less, perComponent, pairs, named }: Scores): {
  full: Titled[]
  short: Titled[]
} {
  const rows: [string, Score][] = [
    ['machines not trained on', all],
    ['machines not trained on, after the training ended', after],
  ]
  const main = scoreTable('azure-pdm, failures foretold from codes and maintenance:', [
    ...rows,
    ...less.map(({ words, score }): [string, Score] => [words, score]),
  ])
  const short = scoreTable('azure-pdm, failures foretold from codes and maintenance:', rows)
  const full = [
    main,
    scoreTable('Machines not trained on, by component:', perComponent),
    leadTable(rows),
    namedTable(pairs, named),
  ]
  return { full, short: [short, namedTable(named, named)] }
}

const scoreTable = (title: string, rows: [string, Score][]): Titled => ({
  title,
  head: ['scored on', 'failures', 'found', 'alarms', 'false', 'precision', 'recall', 'median lead, h'],
  rows: rows.map(([name, { failures, found, alarms, right, leadHours }]) => [
    name,
    number(failures),
    number(found),
    number(alarms),
    number(alarms - right),
    ratio(right / alarms),
    ratio(found / failures),
    number(median(leadHours)),
  ]),
})

const leadTable = (rows: [string, Score][]): Titled => ({
  title: 'Lead time of failures found, h:',
  head: ['scored on', 'least', '5 %', 'median', '95 %', 'greatest'],
  rows: rows.map(([name, { leadHours }]) => [
    name,
    ...[0, 0.05, 0.5, 0.95, 1].map((share) => number(percentile(leadHours, share))),
  ]),
})

const namedTable = (pairs: readonly Concentration[], named: readonly Concentration[]): Titled => ({
  title: 'Failures by model, against all other models:',
  head: ['model', 'component', 'failures', 'per machine and year', 'lift', 'q', ''],
  rows: pairs
    .slice(0, shown)
    .map((pair) => [
      pair.model,
      pair.component,
      number(pair.failures),
      number(pair.ratePerYear),
      number(pair.lift),
      pair.qValue < 0.001 ? pair.qValue.toExponential(0) : number(pair.qValue),
      named.includes(pair) ? 'named' : '',
    ]),
})

const ratio = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : 'none')
