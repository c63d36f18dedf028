/**
 * The pure core: what an event does to a workflow, and what the outside has to do about it. No clock, no I/O, no randomness
 * but what the event carries. `admit` says beforehand whether the event fits; what it admits never throws in `apply`.
 */
import type { WireFailure } from '@pitcrew/errors'
import type { ApprovalNode, TaskNode } from '../definition/definition.ts'
import { truthy } from '../definition/expression.ts'
import { decisionMark } from './admit.ts'
import { childEnded } from './child.ts'
import type { Program } from './compile.ts'
import type { Command, WorkflowEvent } from './event.ts'
import { migrate } from './migrate.ts'
import { scopeOf } from './path.ts'
import { goOn, resetTo, retryFromFailure } from './reset.ts'
import { attemptAgain, attemptFailed } from './retry.ts'
import type { WorkflowState } from './state.ts'
import { Step } from './step.ts'
import { beginUndo, dispatchUndo, isUndo, terminate, undone, undoFailed } from './undo.ts'
import { update } from './update.ts'

export { admit, type Admission } from './admit.ts'

const signalsRemembered = 64

type EventOf<T extends WorkflowEvent['type']> = Extract<WorkflowEvent, { type: T }>

/** Applies an admitted event in place and gives the commands. */
export function apply(program: Program, state: WorkflowState, event: WorkflowEvent): Command[] {
  const step = new Step(program, state, event.at)
  state.revision++
  switch (event.type) {
    case 'started':
      if (event.cancelled !== undefined) beginUndo(step, 'cancelled', 'cancelled')
      else if (state.status === 'running') step.sweep()
      break
    case 'admitted':
      state.status = 'running'
      step.sweep()
      break
    case 'task-succeeded':
      if (isUndo(event.path)) undone(step, event.path)
      else taskSucceeded(step, event)
      break
    case 'task-failed':
      attemptOver(step, event.path, event.failure)
      break
    case 'progressed':
      progressed(state, event)
      break
    case 'timer-fired':
      timerFired(step, event.path)
      break
    case 'signalled':
      signalled(step, event)
      break
    case 'decided':
      decided(step, event)
      break
    case 'child-ended':
      childEnded(step, event)
      break
    case 'parent-told':
      delete state.untold
      break
    case 'updated':
      update(program, state, event)
      break
    case 'migrated':
      return migrate(program, state, event)
    case 'paused':
    case 'resumed':
    case 'cancelled':
    case 'terminated':
    case 'retried':
    case 'reset':
      steer(step, event)
  }
  return step.commands
}

function steer(
  step: Step,
  event: EventOf<'paused' | 'resumed' | 'cancelled' | 'terminated' | 'retried' | 'reset'>,
): void {
  switch (event.type) {
    case 'paused':
      step.state.status = 'paused'
      return
    case 'resumed':
      step.state.status = 'running'
      return goOn(step)
    case 'cancelled':
      return beginUndo(step, 'cancelled', 'cancelled')
    case 'terminated':
      return terminate(step)
    case 'retried':
      return retryFromFailure(step)
    case 'reset':
      return resetTo(step, event)
  }
}

/** The same without touching `state`, for tests and tools. */
export function decide(
  program: Program,
  state: WorkflowState,
  event: WorkflowEvent,
): { state: WorkflowState; commands: Command[] } {
  const next = structuredClone(state)
  const commands = apply(program, next, event)
  return { state: next, commands }
}

/** A workflow that has not begun: `apply` the `started` event to it. */
export function born(id: string, program: Program, event: EventOf<'started'>): WorkflowState {
  const { name, version, lifecycle } = program.definition
  const state: WorkflowState = {
    id,
    definition: name,
    version,
    status: event.hold ? 'pending' : 'running',
    phase: lifecycle.initial,
    revision: 0,
    startedAt: event.at,
    input: event.input,
    attributes: { ...event.attributes },
    nodes: {},
    values: {},
    undo: [],
    inbox: [],
    seen: [],
  }
  if (event.trace !== undefined) state.trace = event.trace
  if (event.parent !== undefined) state.parent = event.parent
  return state
}

function taskSucceeded(step: Step, event: EventOf<'task-succeeded'>): void {
  const { path, output } = event
  const node = step.node(path).node as TaskNode
  if (node.expect !== undefined) {
    const failure = unexpected(step, path, node, output)
    if (failure) return attemptFailed(step, path, failure)
  }
  const { undo } = node
  if (undo) {
    step.state.values[path] = output
    step.guard(path, () => {
      const entry = { ...undo, path, input: step.evaluate(undo.input, scopeOf(path)) }
      step.state.undo.push(entry)
    })
    if (step.state.nodes[path]?.is !== 'running') return
  }
  step.proceed(path, output)
}

/** C3: a result that does not hold what the node expects is no result. */
function unexpected(step: Step, path: string, node: TaskNode, output: TaskNode['input']): WireFailure | undefined {
  const { values } = step.state
  values[path] = output
  let why = 'the result does not hold what is expected of it'
  try {
    if (truthy(step.evaluate(node.expect ?? true, scopeOf(path)))) return undefined
  } catch (error) {
    why = (error as Error).message
  }
  delete values[path]
  return { kind: 'retryable', code: 'BAD_RESULT', message: `${node.capability}: ${why}` }
}

function attemptOver(step: Step, path: string, failure: WireFailure): void {
  if (isUndo(path)) undoFailed(step, path, failure)
  else attemptFailed(step, path, failure)
}

function progressed(state: WorkflowState, { path, percent, note }: EventOf<'progressed'>): void {
  const held = state.nodes[path]
  if (held?.is !== 'running') return
  const progress = { percent: Math.min(100, Math.max(0, percent)) }
  state.nodes[path] = { ...held, progress: note === undefined ? progress : { ...progress, note } }
}

function timerFired(step: Step, path: string): void {
  const held = step.state.nodes[path]
  switch (held?.is) {
    case 'waiting':
      return held.approval ? timedOut(step, path) : step.proceed(path, { signal: null, payload: null })
    case 'backoff':
      return isUndo(path) ? dispatchUndo(step, path, held.attempt, held.first) : attemptAgain(step, path)
    case 'running':
      step.commands.push({ type: 'cancel-task', path, attempt: held.attempt })
      return attemptOver(step, path, {
        kind: 'retryable',
        code: 'OVERDUE',
        message: 'no agent gave a result in time',
      })
    case 'child':
    case 'open':
    case 'ended':
    case 'skipped':
    case 'failed':
    case 'abandoned':
    case undefined:
      return
  }
}

function timedOut(step: Step, path: string): void {
  const { onTimeout, approvers } = step.node(path).node as ApprovalNode
  if (onTimeout === 'fail') {
    const message = `no ${approvers} decided in time`
    return step.fail(path, { kind: 'terminal', code: 'APPROVAL_TIMED_OUT', message })
  }
  const approved = onTimeout === 'approve'
  step.proceed(path, { approved, by: '', comment: '', at: step.now, timedOut: true })
}

function decided(step: Step, { path, approved, by, comment, decisionId }: EventOf<'decided'>): void {
  remember(step.state, decisionMark + decisionId)
  step.proceed(path, { approved, by, comment, at: step.now, timedOut: false })
}

function signalled(step: Step, { signal, signalId, payload, trace }: EventOf<'signalled'>): void {
  const { state } = step
  remember(state, signalId)
  const waiting = step.moving ? waitingFor(step, signal) : undefined
  if (waiting === undefined) {
    state.inbox.push({ signal, payload })
    return
  }
  const { node } = step.node(waiting)
  if (trace !== undefined && node.kind === 'wait' && node.newTrace) state.trace = trace
  step.proceed(waiting, { signal, payload })
}

function remember({ seen }: WorkflowState, id: string): void {
  seen.push(id)
  if (seen.length > signalsRemembered) seen.shift()
}

function waitingFor(step: Step, signal: string): string | undefined {
  const { nodes } = step.state
  const { waits } = step.program
  if (waits) return waits.get(signal)?.find((path) => nodes[path]?.is === 'waiting')
  for (const path in nodes) {
    if (nodes[path]?.is !== 'waiting') continue
    const { node } = step.node(path)
    if (node.kind === 'wait' && (node.signals.includes(signal) || node.interrupts.includes(signal))) return path
  }
  return undefined
}
