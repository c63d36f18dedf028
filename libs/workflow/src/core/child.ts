/**
 * Child workflows. A child is another workflow with an id that follows from its parent's: a start that is repeated is
 * recognised. It stays known (`untold`) until its parent has acknowledged its end; a parent that gave a child up stays known
 * (`orphans`) until that child has ended. So neither is forgotten while the other may still ask.
 */
import { createHash } from 'node:crypto'
import type { WireFailure } from '@pitcrew/errors'
import type { ChildNode } from '../definition/definition.ts'
import type { Json } from '../definition/json.ts'
import type { ChildOutcome, Command, WorkflowEvent } from './event.ts'
import { nodeId, scopeOf } from './path.ts'
import type { EndStatus, Orphan, WorkflowState } from './state.ts'
import type { Step } from './step.ts'

export function startChild(step: Step, path: string, node: ChildNode, run: number): void {
  const id = childId(step.state.id, path, run)
  step.commands.push(startCommand(step, path, node, id))
  step.state.nodes[path] = { is: 'child', attempt: run, id }
}

/** Letters, digits, `_` and `-` only if its parent's id has no others, and at most 80 of them. */
export function childId(parent: string, path: string, run: number): string {
  const hash = createHash('sha256').update(`${parent}/${path}:${run}`).digest('hex').slice(0, 20)
  return `${parent.slice(0, 32)}-${nodeId(path).slice(0, 24)}-${hash}`
}

export function startCommand(step: Step, path: string, node: ChildNode, id: string): Command {
  const scope = scopeOf(path)
  const { definition, version } = node
  const input = step.evaluate(node.input, scope)
  const attributes = step.evaluate(node.attributes, scope) as { [name: string]: Json }
  return { type: 'start-child', path, id, definition, version, input, attributes, parent: { id: step.state.id, path } }
}

/** The node that waits for it was given up. */
export function disown(step: Step, path: string, id: string, reason: string): void {
  const { node } = step.node(path)
  if (node.kind !== 'child' || node.onParentClose === 'abandon') return
  const orphan: Orphan = { id, path, definition: node.definition, version: node.version }
  step.state.orphans = [...(step.state.orphans ?? []), orphan]
  step.commands.push(cancelCommand(step.state, orphan, reason))
}

export function cancelCommand(state: WorkflowState, orphan: Orphan, reason: string): Command {
  const { id, path, definition, version } = orphan
  return { type: 'cancel-child', id, definition, version, reason, parent: { id: state.id, path } }
}

/** Where the child is waited for; its path may have changed by a migration. */
export function pathOfChild(
  state: WorkflowState,
  { path, childId: id }: { path: string; childId: string },
): string | undefined {
  const waits = (one: string): boolean => {
    const held = state.nodes[one]
    return held?.is === 'child' && held.id === id
  }
  return waits(path) ? path : Object.keys(state.nodes).find(waits)
}

export const isOrphan = (state: WorkflowState, id: string): boolean =>
  state.orphans?.some((orphan) => orphan.id === id) ?? false

export function childEnded(step: Step, event: WorkflowEvent & { type: 'child-ended' }): void {
  const { state } = step
  const path = pathOfChild(state, event)
  if (path === undefined) {
    const left = state.orphans?.filter(({ id }) => id !== event.childId) ?? []
    if (left.length > 0) state.orphans = left
    else delete state.orphans
  } else if (event.status === 'completed') step.proceed(path, event.output)
  else step.fail(path, failureOf(event))
}

function failureOf({ childId, status, outcome, failure }: ChildOutcome): WireFailure {
  const cause = failure ? `${failure.code}: ${failure.message}` : outcome
  const hint = failure?.hint === undefined ? {} : { hint: failure.hint }
  const code = status === 'failed' ? 'CHILD_FAILED' : 'CHILD_CANCELLED'
  return { kind: 'terminal', code, message: `workflow ${childId} is ${status}: ${cause}`, ...hint }
}

export function outcomeOf(state: WorkflowState): ChildOutcome {
  const outcome: ChildOutcome = {
    childId: state.id,
    status: state.status as EndStatus,
    outcome: state.outcome ?? '',
    output: state.output ?? null,
  }
  return state.failure === undefined ? outcome : { ...outcome, failure: wire(state.failure) }
}

function wire({ kind, code, message, hint }: WireFailure): WireFailure {
  return { kind, code, message, ...(hint !== undefined && { hint }) }
}
