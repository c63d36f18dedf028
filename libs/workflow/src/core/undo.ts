/**
 * The saga: what was done is undone newest first, one after the other, before the workflow ends. An undo task is retried
 * like any other; one that fails for good is noted in `failure` and the rest is still undone.
 */
import type { WireFailure } from '@pitcrew/errors'
import { mayFollow } from '../definition/lifecycle.ts'
import type { Step } from './step.ts'
import type { Undo, WorkflowState } from './state.ts'

const undoRetry = { attempts: 5, backoffMs: [2_000, 4_000, 8_000, 60_000] }
const undoOverdueMs = 3_600_000
/** Paths of undo tasks begin with it; no node id can. */
const mark = '~'

export const isUndo = (path: string): boolean => path.startsWith(mark)

/** Starts to end the workflow: gives up what is under way, undoes what was done (unless told not to), then ends it. */
export function beginUndo(
  step: Step,
  status: 'completed' | 'failed' | 'cancelled',
  outcome: string,
  keep = false,
): void {
  const { state } = step
  for (const [path, node] of Object.entries(state.nodes)) {
    if (node.is === 'running' || node.is === 'backoff') {
      state.nodes[path] = { is: 'abandoned', attempt: node.is === 'running' ? node.attempt : node.attempt - 1 }
    } else if (node.is === 'waiting') delete state.nodes[path]
  }
  if (keep) state.undo = []
  state.status = 'running'
  state.undoing = { status, outcome, undone: [] }
  undoNext(step)
}

export function undone(step: Step, path: string): void {
  const { state } = step
  const entry = state.undo.pop() as Undo
  state.undoing?.undone.push(entry.path)
  delete state.nodes[path]
  undoNext(step)
}

/** An attempt to undo failed; `first` is the attempt that this undo began with. */
export function undoFailed(step: Step, path: string, failure: WireFailure): void {
  const { state } = step
  const held = state.nodes[path]
  if (held?.is !== 'running') return
  const made = held.attempt - held.first + 1
  if (failure.kind !== 'retryable' || made >= undoRetry.attempts) {
    state.failure = { ...failure, message: `could not undo: ${failure.message}`, node: path }
    return undone(step, path)
  }
  const due = step.now + (undoRetry.backoffMs[made - 1] ?? 60_000)
  state.nodes[path] = { is: 'backoff', attempt: held.attempt + 1, first: held.first, due, failure }
  step.commands.push({ type: 'wake-at', path, due })
}

export function dispatchUndo(step: Step, path: string, attempt: number, first: number): void {
  const entry = step.state.undo.at(-1) as Undo
  const { capability, input, timeoutMs } = entry
  step.run(path, { attempt, first, capability, input, timeoutMs, overdueMs: undoOverdueMs, priority: 2 })
}

function undoNext(step: Step): void {
  const entry = step.state.undo.at(-1)
  if (entry) return dispatchUndo(step, mark + entry.path, 1, 1)
  finish(step)
}

function finish(step: Step): void {
  const state: WorkflowState = step.state
  const { status, outcome } = state.undoing as NonNullable<WorkflowState['undoing']>
  const { lifecycle } = step.program.definition
  state.status = status
  state.outcome = outcome
  state.endedAt = step.now
  state.inbox = []
  if (status !== 'failed') delete state.undoing
  const from = state.phaseBefore ?? state.phase
  const may = status === 'completed' || mayFollow(lifecycle, from, lifecycle.completed)
  step.enterPhase(status !== 'failed' && may ? lifecycle.completed : lifecycle.failed)
}
