/** M4: what to do with a failed attempt. */
import type { WireFailure } from '@pitcrew/errors'
import type { TaskNode } from '../definition/definition.ts'
import type { Step } from './step.ts'

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
  step.guard(path, () => step.dispatch(path, step.node(path).node as TaskNode, held.attempt, held.first))
}
