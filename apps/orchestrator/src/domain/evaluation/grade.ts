/**
 * F8: score and grade. The score is the weighted mean of the parts that can be judged, times 100; what cannot be judged (no
 * deadline, no confidence, no baseline yet) leaves its weight to the others. A workflow that failed is POOR and one that was
 * cancelled at best FAIR, however neatly it did so.
 */
import type { Baseline } from './baseline.ts'
import type { Expectation } from './expectation.ts'
import type { WorkflowHistory } from './history.ts'
import type { MetricName, Metrics } from './metric.ts'

export type Grade = 'EXCELLENT' | 'GOOD' | 'FAIR' | 'POOR'

export interface Part {
  part: PartName
  weight: number
  /** 0 to 1. */
  quality: number
  /** Points of the 100 that it cost. */
  lost: number
  metric: MetricName | null
}

export type PartName =
  'outcome' | 'first-pass' | 'errors' | 'on-time' | 'pace' | 'confidence' | 'undoing' | 'rounds' | 'unattended'

export const weights: Readonly<Record<PartName, number>> = {
  outcome: 30,
  'first-pass': 15,
  errors: 10,
  'on-time': 15,
  pace: 10,
  confidence: 5,
  undoing: 5,
  rounds: 5,
  unattended: 5,
}

const ceilings: Readonly<Record<WorkflowHistory['status'], number>> = { completed: 100, cancelled: 74, failed: 59 }

export function gradeOf(score: number): Grade {
  if (score >= 90) return 'EXCELLENT'
  if (score >= 75) return 'GOOD'
  return score >= 60 ? 'FAIR' : 'POOR'
}

/** What can be seen of one workflow for its score. */
export interface Seen {
  history: WorkflowHistory
  metrics: Omit<Metrics, 'score'>
  expectation: Expectation
  /** Null while too few are known. */
  baseline: Baseline | null
}

export function scoreOf(seen: Seen): { score: number; parts: Part[] } {
  const judged = (Object.keys(weights) as PartName[]).flatMap((part) => {
    const { quality, metric } = qualities[part](seen)
    return quality === null ? [] : [{ part, weight: weights[part], quality: clamp(quality), metric }]
  })
  const total = judged.reduce((sum, { weight }) => sum + weight, 0)
  const parts = judged.map((one) => ({ ...one, lost: round((100 * one.weight * (1 - one.quality)) / total) }))
  const score = 100 - parts.reduce((sum, { lost }) => sum + lost, 0)
  return { score: round(Math.min(score, ceilings[seen.history.status])), parts }
}

type Quality = (seen: Seen) => { quality: number | null; metric: MetricName | null }

const of =
  (metric: MetricName & keyof Seen['metrics'], quality: (value: number, seen: Seen) => number | null): Quality =>
  (seen) => {
    const value = seen.metrics[metric]
    return { metric, quality: value === null ? null : quality(value, seen) }
  }

const qualities: Readonly<Record<PartName, Quality>> = {
  outcome: ({ history: { status, outcome }, expectation }) => ({
    metric: null,
    quality: status === 'completed' ? (expectation.outcomes?.[outcome] ?? 1) : status === 'cancelled' ? 0.5 : 0,
  }),
  'first-pass': of('firstPassYield', (share) => share),
  // Half of the attempts failing is as bad as it gets.
  errors: of('errorRate', (share) => 1 - 2 * share),
  // Full marks up to the deadline, none at twice the time allowed.
  'on-time': of('deadlineUse', (use) => 2 - use),
  // Full marks up to the usual time at work, none at three times that.
  pace: of('workingMs', (ms, { baseline }) => {
    const usual = baseline?.metrics.workingMs?.middle
    return usual === undefined ? null : (3 - ms / Math.max(usual, 1)) / 2
  }),
  confidence: of('confidence', (share) => share),
  undoing: of('undone', (count) => 1 / (1 + count)),
  rounds: of('rounds', (count) => 1 / Math.max(1, count)),
  unattended: of('interventions', (count) => 1 / (1 + count)),
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))
export const round = (value: number): number => Math.round(value * 100) / 100
