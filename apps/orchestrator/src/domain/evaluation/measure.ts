/** F8: a history in figures; metric.ts says what each is. */
import type { Expectation } from './expectation.ts'
import { nodeOf, type TransitionRecord, type WorkflowHistory } from './history.ts'
import type { Metrics } from './metric.ts'
import { workMsOf, type Attempt, type TaskRun } from './task-run.ts'

export function measure(
  history: WorkflowHistory,
  runs: readonly TaskRun[],
  expectation: Expectation,
): Omit<Metrics, 'score'> {
  const { transitions } = history
  const durationMs = Math.max(0, history.endedAt - history.startedAt)
  const forward = runs.filter(({ undo }) => !undo)
  const attempts = runs.flatMap((run) => run.attempts)
  const workingMs = covered(attempts)
  const openMs = durationMs - pausedMs(history)
  const workMs = sum(attempts, (attempt) => attempt.workMs)
  const failures = sum(runs, (run) => run.failures)
  const first = forward.filter(({ attempts: [one] }) => one?.failureCode === null).length
  return {
    durationMs,
    workingMs,
    waitingMs: Math.max(0, openMs - workingMs),
    waitingShare: openMs > 0 ? Math.max(0, 1 - workingMs / openMs) : null,
    longestTaskMs: runs.length > 0 ? runs.reduce((longest, run) => Math.max(longest, workMsOf(run)), 0) : null,
    queueMs: queueMs(attempts),
    taskSeconds: workMs / 1_000,
    attempts: attempts.length,
    retries: attempts.length - runs.length,
    errorRate: share(failures, attempts.length),
    firstPassYield: share(first, forward.length),
    undone: runs.length - forward.length,
    interventions: transitions.filter(({ event }) => byPeople.has(event)).length,
    regularity: regularity(history),
    deadlineUse: deadlineUse(history, expectation),
    rounds: rounds(forward, expectation),
    ...confidence(forward),
  }
}

const byPeople = new Set(['paused', 'retried', 'reset', 'terminated'])

const sum = <T>(all: readonly T[], value: (one: T) => number): number =>
  all.reduce((total, one) => total + value(one), 0)
const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

/** Length of the union of the attempts' times. */
function covered(attempts: readonly Attempt[]): number {
  let total = 0
  let until = -Infinity
  for (const { from, to } of attempts.toSorted((a, b) => a.from - b.from)) {
    if (to <= until) continue
    total += to - Math.max(from, until)
    until = to
  }
  return total
}

function pausedMs({ transitions, endedAt }: WorkflowHistory): number {
  let total = 0
  let since: number | undefined
  for (const { event, at } of transitions) {
    if (event === 'paused') since ??= at
    else if (since !== undefined && event === 'resumed') {
      total += at - since
      since = undefined
    }
  }
  return total + (since === undefined ? 0 : endedAt - since)
}

function queueMs(attempts: readonly Attempt[]): number | null {
  const known = attempts.flatMap((attempt) => attempt.queueMs ?? [])
  return known.length > 0 ? sum(known, (ms) => ms) : null
}

/** 1 - D with Kolmogorov's D between the transitions' times and the uniform distribution over the workflow's duration. */
function regularity({ transitions, startedAt, endedAt }: WorkflowHistory): number | null {
  const steps = transitions.filter(({ event }) => event !== 'started')
  if (steps.length < 3 || endedAt <= startedAt) return null
  let furthest = 0
  for (const [i, { at }] of steps.entries()) {
    const gone = (at - startedAt) / (endedAt - startedAt)
    furthest = Math.max(furthest, Math.abs((i + 1) / steps.length - gone), Math.abs(i / steps.length - gone))
  }
  return Math.max(0, 1 - furthest)
}

/** Null where no time is set, or where it ended in time without the milestone ever being due. */
function deadlineUse(history: WorkflowHistory, { allowedMs, milestone }: Expectation): number | null {
  const { startedAt, endedAt, urgency = '', deadlineAt, transitions } = history
  const allowed = deadlineAt === undefined ? (allowedMs?.[urgency] ?? allowedMs?.['*']) : deadlineAt - startedAt
  if (allowed === undefined || allowed <= 0) return null
  const reached = milestone === undefined ? endedAt : transitions.find((one) => marks(one, milestone))?.at
  const use = ((reached ?? endedAt) - startedAt) / allowed
  return reached === undefined && use <= 1 ? null : use
}

const marks = ({ event, node }: TransitionRecord, milestone: string): boolean =>
  event === milestone || (event !== 'task-failed' && node !== '' && nodeOf(node) === milestone)

function rounds(forward: readonly TaskRun[], { roundNode }: Expectation): number | null {
  if (roundNode === undefined) return null
  return forward.filter(({ node, succeeded }) => node === roundNode && succeeded).length
}

/** A pass is one run of the node whose result said last how sure it is. */
function confidence(forward: readonly TaskRun[]): Pick<Metrics, 'confidence' | 'confidenceGain'> {
  const last = forward.findLast((run) => run.confidence !== null)
  if (!last) return { confidence: null, confidenceGain: null }
  const passes = forward.filter(({ node, confidence }) => node === last.node && confidence !== null).length
  return { confidence: last.confidence, confidenceGain: (last.confidence as number) / passes }
}
