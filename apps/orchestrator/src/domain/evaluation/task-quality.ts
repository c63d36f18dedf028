/** F8: how well one task went. Of 100 points: 50 that it succeeded, 25 at the first attempt, 15 its pace, 10 its confidence. */
import type { Baseline } from './baseline.ts'
import { gradeOf, round, type Grade } from './grade.ts'
import { workMsOf, type TaskRun } from './task-run.ts'

export interface TaskQuality {
  path: string
  node: string
  capability: string
  /** Of the last attempt. */
  agent: string
  succeeded: boolean
  undo: boolean
  /** Time at agents of all attempts, milliseconds. */
  workMs: number
  /** Null if the history does not tell it from work. */
  queueMs: number | null
  confidence: number | null
  tries: { agent: string; workMs: number; failureCode: string | null }[]
  score: number
  grade: Grade
}

export function taskQualityOf(run: TaskRun, baseline: Baseline | null): TaskQuality {
  const workMs = workMsOf(run)
  const score = taskScore(run, workMs, baseline?.nodes[run.node]?.middle)
  const queued = run.attempts.flatMap(({ queueMs }) => queueMs ?? [])
  return {
    path: run.path,
    node: run.node,
    capability: run.capability,
    agent: run.agent,
    succeeded: run.succeeded,
    undo: run.undo,
    workMs,
    queueMs: queued.length > 0 ? queued.reduce((sum, ms) => sum + ms, 0) : null,
    confidence: run.confidence,
    tries: run.attempts.map(({ agent, workMs: ms, failureCode }) => ({ agent, workMs: ms, failureCode })),
    score,
    grade: gradeOf(score),
  }
}

/** What cannot be judged leaves its points to the rest. A task that failed is POOR. */
function taskScore(run: TaskRun, workMs: number, usualMs: number | undefined): number {
  let [points, of] = [run.succeeded ? 50 : 0, 75]
  if (run.attempts[0]?.failureCode === null) points += 25
  if (usualMs !== undefined) {
    of += 15
    points += 15 * Math.min(1, Math.max(0, (3 - workMs / Math.max(usualMs, 1)) / 2))
  }
  if (run.confidence !== null) {
    of += 10
    points += 10 * run.confidence
  }
  const score = (100 * points) / of
  return round(run.succeeded ? score : Math.min(score, 59))
}
