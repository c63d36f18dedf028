/** Answers what a chart asks: a vehicle's signals over a range, in buckets. */
import { Terminal } from '@pitcrew/errors'
import { signal } from '@pitcrew/signals'
import { Buckets, type Bucket } from '../../domain/history/bucket.ts'
import { planOf, type Plan, type Question, type Retention } from '../../domain/history/level.ts'
import { addReadings } from '../../domain/history/readings.ts'
import { readRollup } from '../../domain/history/rollup.ts'
import type { HistoryStore } from './ports.ts'

export interface HistoryQuestion extends Question {
  vehicleId: string
  /** Empty: all that were read in the range. */
  paths: readonly string[]
}

export interface SignalHistory extends Plan {
  series: { path: string; points: [startMs: number, bucket: Bucket][] }[]
}

export interface AnswerParts {
  store: Pick<HistoryStore, 'read' | 'paths'>
  retention: Retention
  now(): number
}

const usualPoints = 500
const mostPaths = 100
/** Of all series together. */
const mostPoints = 50_000

export async function signalHistory(parts: AnswerParts, question: HistoryQuestion): Promise<SignalHistory> {
  const { store, retention, now } = parts
  const maxPoints = Math.min(10_000, question.maxPoints || usualPoints)
  checkNames(question)
  const plan = planOf({ ...question, maxPoints }, retention, now())
  const paths = await store.paths()
  const numbers = new Map([...paths].map(([number, path]) => [path, number]))
  const asked = question.paths.map((path) => canonical(path, numbers))
  const wanted = new Set(asked.map((path) => numbers.get(path)))
  const isWanted = asked.length === 0 ? () => true : (number: number) => wanted.has(number)
  const buckets = new Buckets(plan.resolutionMs, mostPoints)
  for await (const { kind, content } of store.read(question.vehicleId, plan.level, plan)) {
    if (kind === 'readings') addReadings(content, plan, isWanted, buckets)
    else
      readRollup(content, isWanted, (number, startMs, bucket) => {
        if (startMs >= plan.fromMs && startMs < plan.toMs) buckets.merge(number, startMs, bucket)
      })
  }
  const named = asked.length > 0 ? asked : buckets.signals.map((number) => paths.get(number)!).sort()
  const series = named.map((path) => ({ path, points: buckets.of(numbers.get(path) ?? -1) }))
  return { ...plan, series }
}

/** Also a signal that the catalogue has no more can be asked for, while its history is kept. */
function canonical(path: string, numbers: ReadonlyMap<string, number>): string {
  const known = signal(path)?.path ?? (numbers.has(path) ? path : undefined)
  if (known !== undefined) return known
  throw new Terminal('UNKNOWN_SIGNAL', `there is no signal "${path}": expected a VSS path of the catalogue`, {
    hint: 'without any path, all that were read are given',
  })
}

function checkNames({ vehicleId, paths }: HistoryQuestion): void {
  if (vehicleId === '') throw new Terminal('MISSING_VEHICLE_ID', 'the question names no vehicle: expected vehicle_id')
  if (paths.length > mostPaths)
    throw new Terminal('TOO_MANY_SIGNALS', `${paths.length} signals are asked for: expected at most ${mostPaths}`)
}
