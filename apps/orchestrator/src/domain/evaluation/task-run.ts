/**
 * F8: the runs of tasks that a history tells of. A run is all attempts at one path.
 *
 * Invariants
 *  R1 Every attempt that came to an end counts once: as a success or as a failure. One that was overdue is a failure.
 *  R2 An attempt begins when its node became active, when its retry fell due, or, where the history does not say, with the
 *     transition before its result. What the agent reports of its time goes before that; the rest of it was queueing.
 */
import { nodeOf, type TransitionRecord, type WorkflowHistory } from './history.ts'

export interface Attempt {
  from: number
  to: number
  /** Time at the agent, milliseconds. */
  workMs: number
  /** Time in the queue, milliseconds; null if the history does not tell it from work. */
  queueMs: number | null
  agent: string
  failureCode: string | null
}

export interface TaskRun {
  path: string
  node: string
  capability: string
  /** Of the last attempt. */
  agent: string
  attempts: Attempt[]
  failures: number
  succeeded: boolean
  /** It undid another. */
  undo: boolean
  confidence: number | null
}

interface Begun {
  /** Unix milliseconds; undefined while none is under way. */
  from: number | undefined
  run: TaskRun
}

export function taskRunsOf(history: WorkflowHistory): TaskRun[] {
  const { transitions } = history
  const tasks = pathsOfTasks(transitions)
  const begun = new Map<string, Begun>()
  let before = history.startedAt
  for (const transition of transitions) {
    const { node: path, at } = transition
    if (tasks.has(path)) follow(begunAt(begun, path, before), transition)
    for (const active of transition.activated ?? []) if (tasks.has(active)) begunAt(begun, active, at).from ??= at
    before = at
  }
  return [...begun.values()].map(({ run }) => run).filter(({ attempts }) => attempts.length > 0)
}

/** A path is a task's if an agent ever answered for it; timers alone may as well be those of a wait. */
function pathsOfTasks(transitions: readonly TransitionRecord[]): Set<string> {
  const paths = new Set<string>()
  for (const { event, node } of transitions) if (event === 'task-succeeded' || event === 'task-failed') paths.add(node)
  return paths
}

function begunAt(all: Map<string, Begun>, path: string, from: number): Begun {
  const known = all.get(path)
  if (known) return known
  const run: TaskRun = {
    path,
    node: nodeOf(path),
    capability: '',
    agent: '',
    attempts: [],
    failures: 0,
    succeeded: false,
    undo: path.startsWith('~'),
    confidence: null,
  }
  const begun: Begun = { from, run }
  all.set(path, begun)
  return begun
}

function follow(begun: Begun, transition: TransitionRecord): void {
  const { run } = begun
  const { event, at, capability, confidence } = transition
  if (capability) run.capability = capability
  if (event === 'timer-fired' && begun.from === undefined) {
    begun.from = at
    return
  }
  if (event !== 'task-succeeded' && event !== 'task-failed' && event !== 'timer-fired') return
  const failureCode = event === 'task-succeeded' ? null : (transition.failureCode ?? 'OVERDUE')
  run.attempts.push(attemptOf(begun.from ?? run.attempts.at(-1)?.to ?? at, transition, failureCode))
  begun.from = undefined
  run.succeeded = failureCode === null
  if (failureCode !== null) run.failures++
  if (transition.agent) run.agent = transition.agent
  if (confidence !== undefined) run.confidence = confidence
}

function attemptOf(from: number, { at, durationMs, agent }: TransitionRecord, failureCode: string | null): Attempt {
  const spanMs = Math.max(0, at - from)
  const workMs = durationMs ?? spanMs
  return {
    from: at - workMs,
    to: at,
    workMs,
    queueMs: durationMs === undefined ? null : Math.max(0, spanMs - durationMs),
    agent,
    failureCode,
  }
}

export const workMsOf = ({ attempts }: TaskRun): number => attempts.reduce((sum, { workMs }) => sum + workMs, 0)
