/**
 * The saga, and how a workflow ends: what was done is undone newest first, one after the other, before that. An undo task is
 * retried like any other; one that fails for good is noted in `failure` and the rest is still undone. Every undo leaves its
 * attempts and its outcome in `undone`, beside what the events say.
 */
import { toFailure, toWire, type WireFailure } from '@pitcrew/errors'
import { evaluate } from '../definition/expression.ts'
import type { Json } from '../definition/json.ts'
import { mayFollow } from '../definition/lifecycle.ts'
import { disown, outcomeOf } from './child.ts'
import { outside } from './environment.ts'
import { isUndo, undoOf } from './path.ts'
import { finishReset } from './reset.ts'
import { attemptOf, type EndStatus, type Undo } from './state.ts'
import type { Step } from './step.ts'

export { isUndo } from './path.ts'

const undoRetry = { attempts: 5, backoffMs: [2_000, 4_000, 8_000, 60_000] }
const undoOverdueMs = 3_600_000
const undoneRemembered = 100

/** Ends the workflow well: all of it ran, or an `end` was reached. */
export function complete(
  step: Step,
  outcome: string,
  end?: { path: string; undo: boolean; output: Json | undefined },
): void {
  const { state } = step
  const { result } = step.program.definition
  try {
    const output = end?.output ?? (result && evaluate(result, outside(state, step.now)))
    if (output !== undefined) state.output = output
  } catch (error) {
    state.failure = { ...toWire(toFailure(error)), node: 'the result' }
    return beginUndo(step, 'failed', 'failed')
  }
  if (end) {
    state.nodes[end.path] = { is: 'ended' }
    giveUp(step, `the workflow ended: ${outcome}`)
    if (end.undo) return undoAll(step, 'completed', outcome)
  }
  if (state.undo.length > 0) state.undo = []
  finish(step, 'completed', outcome)
}

/** Starts to end the workflow badly: gives up what is under way, undoes what was done, then ends it. */
export function beginUndo(step: Step, status: 'failed' | 'cancelled', outcome: string): void {
  giveUp(step, `the workflow is ${status}`)
  undoAll(step, status, outcome)
}

/** Ends it at once, undoing nothing. */
export function terminate(step: Step): void {
  const { state } = step
  giveUp(step, 'the workflow is terminated', () => true)
  state.undo = []
  finish(step, 'cancelled', 'terminated')
}

/** Takes from agents and children what they do at these paths. */
export function giveUp(step: Step, reason: string, within: (path: string) => boolean = (path) => !isUndo(path)): void {
  const { nodes } = step.state
  for (const path of Object.keys(nodes)) {
    const held = nodes[path]
    if (!held || !within(path)) continue
    if (held.is === 'running') {
      nodes[path] = { is: 'abandoned', attempt: held.attempt }
      if (!takeBack(step, 'run-task', path)) step.commands.push({ type: 'cancel-task', path, attempt: held.attempt })
    } else if (held.is === 'child') {
      nodes[path] = { is: 'abandoned', attempt: held.attempt }
      if (!takeBack(step, 'start-child', path)) disown(step, path, held.id, reason)
    } else if (held.is === 'backoff') nodes[path] = { is: 'abandoned', attempt: held.attempt - 1 }
    else if (held.is === 'waiting') delete nodes[path]
  }
}

/** What was only begun in this same transition has not left yet. */
function takeBack({ commands }: Step, type: 'run-task' | 'start-child', path: string): boolean {
  const index = commands.findIndex((command) => command.type === type && command.path === path)
  if (index >= 0) commands.splice(index, 1)
  return index >= 0
}

/** Point of no return: nothing before it is undone any more, and nobody can set the workflow back to before it. */
export function passCommit({ state }: Step): void {
  state.undo = []
  for (const path in state.nodes) {
    const held = state.nodes[path]
    if (held?.is === 'ended' && held.checkpoint !== undefined) state.nodes[path] = { is: 'ended' }
  }
}

function undoAll(step: Step, status: EndStatus, outcome: string): void {
  const { state } = step
  const before = state.undoing
  state.status = 'running'
  state.undoing = { status, outcome, undone: before?.undone ?? [] }
  // What was being undone for a reset goes on.
  if (before === undefined) undoNext(step)
}

export function undoNext(step: Step): void {
  const { undo, undoing } = step.state
  if (!undoing) return
  const entry = undo.at(-1)
  if (entry && undo.length > (undoing.reset?.keep ?? 0)) {
    const path = undoOf(entry.path)
    const attempt = attemptOf(step.state.nodes[path]) + 1
    return dispatchUndo(step, path, attempt, attempt)
  }
  if (undoing.reset) return finishReset(step)
  if (undoing.status === 'running' || undoing.status === 'paused') return
  finish(step, undoing.status, undoing.outcome)
}

export function dispatchUndo(step: Step, path: string, attempt: number, first: number): void {
  const { capability, input, timeoutMs, overdueMs = undoOverdueMs } = step.state.undo.at(-1) as Undo
  step.run(path, { attempt, first, capability, input, timeoutMs, overdueMs, priority: 2 })
}

export function undone(step: Step, path: string, failure?: WireFailure): void {
  const { state } = step
  const entry = state.undo.pop() as Undo
  const held = state.nodes[path]
  const made = held?.is === 'running' ? held.attempt - held.first + 1 : 1
  state.undoing?.undone.push(entry.path)
  state.undone = [
    ...(state.undone ?? []).slice(1 - undoneRemembered),
    { path: entry.path, attempts: made, at: step.now, ...(failure && { failure }) },
  ]
  // Where the node can run and be undone once more, its undo goes on counting (S3).
  if (state.nodes[entry.path]) state.nodes[path] = { is: 'abandoned', attempt: attemptOf(held) }
  else delete state.nodes[path]
  undoNext(step)
}

/** An attempt to undo failed. */
export function undoFailed(step: Step, path: string, failure: WireFailure): void {
  const { state } = step
  const held = state.nodes[path]
  if (held?.is !== 'running') return
  const { retry = undoRetry } = state.undo.at(-1) as Undo
  const made = held.attempt - held.first + 1
  if (failure.kind !== 'retryable' || made >= retry.attempts) {
    const noted = { ...failure, message: `could not undo: ${failure.message}` }
    if (!state.undoing?.reset) state.failure = { ...noted, node: path }
    return undone(step, path, noted)
  }
  const backoff = retry.backoffMs[Math.min(made, retry.backoffMs.length) - 1] ?? 0
  const due = step.now + Math.max(backoff, failure.afterMs ?? 0)
  state.nodes[path] = { is: 'backoff', attempt: held.attempt + 1, first: held.first, due, failure }
  step.commands.push({ type: 'wake-at', path, due })
}

function finish(step: Step, status: EndStatus, outcome: string): void {
  const { state } = step
  const { lifecycle } = step.program.definition
  state.status = status
  state.outcome = outcome
  state.endedAt = step.now
  if (state.inbox.length > 0) state.inbox = []
  if (status !== 'failed' && state.undoing) delete state.undoing
  const from = state.phaseBefore ?? state.phase
  const may = status === 'completed' || mayFollow(lifecycle, from, lifecycle.completed)
  step.enterPhase(status !== 'failed' && may ? lifecycle.completed : lifecycle.failed)
  if (!state.parent) return
  state.untold = true
  step.commands.push({ type: 'tell-parent', parent: state.parent, outcome: outcomeOf(state) })
}
