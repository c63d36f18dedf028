/**
 * M4: what to do with a failed attempt, and going on from the point of failure when a person asks for it.
 */
import type { WireFailure } from '@pitcrew/errors'
import type { TaskNode } from '../definition/definition.ts'
import type { Step } from './step.ts'
import { attemptOf, holderOf, scopeOf } from './state.ts'

/** Backs off if the failure may pass and attempts are left, else fails the node for good. */
export function attemptFailed(step: Step, path: string, failure: WireFailure): void {
  const { state } = step
  const node = step.node(path).node as TaskNode
  const held = state.nodes[path]
  if (held?.is !== 'running') return
  const made = held.attempt - held.first + 1
  if (failure.kind !== 'retryable' || made >= node.retry.attempts) return step.fail(path, failure)
  const backoff = node.retry.backoffMs[Math.min(made, node.retry.backoffMs.length) - 1] ?? 0
  const due = step.now + Math.max(backoff, failure.afterMs ?? 0)
  state.nodes[path] = { is: 'backoff', attempt: held.attempt + 1, first: held.first, due, failure }
  step.commands.push({ type: 'wake-at', path, due })
  step.enterPhase(step.program.definition.lifecycle.retry)
}

/** The backoff is over. */
export function attemptAgain(step: Step, path: string): void {
  const held = step.state.nodes[path]
  if (held?.is !== 'backoff') return
  const before = step.state.phaseBefore
  if (before !== undefined) step.enterPhase(before)
  step.dispatch(path, step.node(path).node as TaskNode, held.attempt, held.first)
}

/**
 * Opens a failed workflow again: the failed node, what was given up with it, and whatever was undone (with all that came
 * after it) run anew; what was done and still stands is kept.
 */
export function retryFromFailure(step: Step): void {
  const { state } = step
  const undone = state.undoing?.undone ?? []
  for (const [path, node] of Object.entries(state.nodes)) {
    if (node.is === 'failed') state.nodes[path] = { is: 'abandoned', attempt: node.attempt }
  }
  for (const path of undone) reset(step, outermostEnded(step, path))
  delete state.undoing
  delete state.failure
  delete state.outcome
  delete state.endedAt
  state.status = 'running'
  state.phase = step.program.definition.lifecycle.retry
  delete state.phaseBefore
  step.sweep()
}

/** The node to run anew so that `path` runs: itself, or the outermost scope around it that has closed since. */
function outermostEnded(step: Step, path: string): string {
  let chosen = path
  for (let scope = scopeOf(path); scope !== ''; scope = scopeOf(holderOf(scope))) {
    if (step.state.nodes[holderOf(scope)]?.is === 'ended') chosen = holderOf(scope)
  }
  return chosen
}

function reset(step: Step, path: string): void {
  const { successors } = step.node(path)
  const held = step.state.nodes[path]
  if (held === undefined || held.is === 'abandoned') return
  forgetInside(step, path)
  step.state.nodes[path] = { is: 'abandoned', attempt: attemptOf(held) }
  delete step.state.values[path]
  for (const next of successors) reset(step, scopeOf(path) + next.id)
}

function forgetInside(step: Step, path: string): void {
  const inside = `${path}[`
  for (const one of Object.keys(step.state.nodes)) if (one.startsWith(inside)) delete step.state.nodes[one]
  for (const one of Object.keys(step.state.values)) if (one.startsWith(inside)) delete step.state.values[one]
}
