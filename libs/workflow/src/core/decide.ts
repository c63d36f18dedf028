/**
 * The pure core: what an event does to a workflow, and what the outside has to do about it. No clock, no I/O, no randomness
 * but what the event carries. `admit` says beforehand whether the event fits; what it admits never throws in `apply`.
 */
import { Terminal, type Failure } from '@pitcrew/errors'
import type { Program } from './compile.ts'
import type { TaskNode } from '../definition/definition.ts'
import type { Command, WorkflowEvent } from './event.ts'
import { attemptAgain, attemptFailed, retryFromFailure } from './retry.ts'
import { open, scopeOf, type NodeState, type WorkflowState } from './state.ts'
import { Step } from './step.ts'
import { beginUndo, dispatchUndo, isUndo, undone, undoFailed } from './undo.ts'

const signalsRemembered = 64
const signalsBuffered = 256

/** `doubled`: it was applied before, which is as good as success. `later`: it fits, but not while the workflow is paused. */
export type Admission = { is: 'fits' } | { is: 'doubled' } | { is: 'later' } | { is: 'refused'; failure: Failure }

const fits: Admission = { is: 'fits' }
const doubled: Admission = { is: 'doubled' }
const refused = (code: string, message: string): Admission => ({ is: 'refused', failure: new Terminal(code, message) })

export function admit(state: WorkflowState | undefined, event: WorkflowEvent): Admission {
  if (event.type === 'started') return state === undefined ? fits : doubled
  if (state === undefined) return refused('UNKNOWN_WORKFLOW', 'there is no such workflow')
  switch (event.type) {
    case 'task-succeeded':
    case 'task-failed':
      return admitResult(state, event)
    case 'timer-fired': {
      const node = state.nodes[event.path]
      if (!open(state) || node === undefined || !('due' in node) || node.due !== event.due) return doubled
      return state.status === 'paused' ? { is: 'later' } : fits
    }
    case 'signalled':
      if (state.seen.includes(event.signalId)) return doubled
      if (!open(state)) return refused('GONE', `the workflow has ended (${state.status})`)
      if (state.inbox.length >= signalsBuffered)
        return refused('TOO_MANY_SIGNALS', `${signalsBuffered} signals wait already`)
      return fits
    case 'paused':
      if (state.status === 'paused') return doubled
      return state.status === 'running' && !state.undoing ? fits : illegal(state, 'paused')
    case 'resumed':
      if (state.status === 'running') return doubled
      return state.status === 'paused' ? fits : illegal(state, 'resumed')
    case 'cancelled':
      if (state.status === 'cancelled' || state.undoing) return doubled
      return open(state) ? fits : illegal(state, 'cancelled')
    case 'retried':
      return state.status === 'failed' ? fits : illegal(state, 'retried')
  }
}

function admitResult(state: WorkflowState, event: { path: string; attempt: number }): Admission {
  const node: NodeState | undefined = state.nodes[event.path]
  if (node?.is === 'running' && node.attempt === event.attempt && open(state)) return fits
  return refused('STALE_RESULT', `nobody waits for attempt ${event.attempt} of ${event.path} any more`)
}

const illegal = (state: WorkflowState, verb: string): Admission =>
  refused('ILLEGAL_TRANSITION', `a workflow that is ${state.undoing ? 'ending' : state.status} cannot be ${verb}`)

/** Applies an admitted event in place and gives the commands. */
export function apply(program: Program, state: WorkflowState, event: WorkflowEvent): Command[] {
  const step = new Step(program, state, event.at)
  state.revision++
  switch (event.type) {
    case 'started':
      step.sweep()
      break
    case 'task-succeeded':
      if (isUndo(event.path)) undone(step, event.path)
      else taskSucceeded(step, event)
      break
    case 'task-failed':
      if (isUndo(event.path)) undoFailed(step, event.path, event.failure)
      else attemptFailed(step, event.path, event.failure)
      break
    case 'timer-fired':
      timerFired(step, event.path)
      break
    case 'signalled':
      signalled(step, event)
      break
    case 'paused':
      state.status = 'paused'
      break
    case 'resumed':
      state.status = 'running'
      step.sweep()
      rearm(step)
      break
    case 'cancelled':
      beginUndo(step, 'cancelled', 'cancelled')
      break
    case 'retried':
      retryFromFailure(step)
      break
  }
  return step.commands
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
export function born(id: string, program: Program, event: WorkflowEvent & { type: 'started' }): WorkflowState {
  const { name, version, lifecycle } = program.definition
  return {
    id,
    definition: name,
    version,
    status: 'running',
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
    ...(event.trace === undefined ? {} : { trace: event.trace }),
  }
}

function taskSucceeded(step: Step, event: WorkflowEvent & { type: 'task-succeeded' }): void {
  const { path, output } = event
  const node = step.node(path).node as TaskNode
  const { undo } = node
  step.guard(path, () => {
    step.state.values[path] = output
    if (undo) step.state.undo.push({ ...undo, path, input: step.evaluate(undo.input, scopeOf(path)) })
    step.proceed(path, output)
  })
}

function timerFired(step: Step, path: string): void {
  const held = step.state.nodes[path]
  switch (held?.is) {
    case 'waiting':
      return step.proceed(path, { signal: null, payload: null })
    case 'backoff':
      return isUndo(path) ? dispatchUndo(step, path, held.attempt, held.first) : attemptAgain(step, path)
    case 'running': {
      const failure = { kind: 'retryable', code: 'OVERDUE', message: 'no agent gave a result in time' } as const
      return isUndo(path) ? undoFailed(step, path, failure) : attemptFailed(step, path, failure)
    }
    case 'open':
    case 'ended':
    case 'skipped':
    case 'failed':
    case 'abandoned':
    case undefined:
      return
  }
}

function signalled(step: Step, event: WorkflowEvent & { type: 'signalled' }): void {
  const { state } = step
  const { signal, payload } = event
  state.seen.push(event.signalId)
  if (state.seen.length > signalsRemembered) state.seen.shift()
  const waiting = Object.keys(state.nodes).find((path) => {
    if (state.nodes[path]?.is !== 'waiting') return false
    const { node } = step.node(path)
    return node.kind === 'wait' && (node.signals.includes(signal) || node.interrupts.includes(signal))
  })
  if (waiting === undefined || state.status === 'paused') {
    state.inbox.push({ signal, payload })
    return
  }
  const { node } = step.node(waiting)
  if (event.trace !== undefined && node.kind === 'wait' && node.newTrace) state.trace = event.trace
  step.proceed(waiting, { signal, payload })
}

/** After a pause: waits take what came meanwhile, and timers that were put off are due again. */
function rearm(step: Step): void {
  const { state } = step
  for (const [path, node] of Object.entries(state.nodes)) {
    if (state.nodes[path] !== node || !('due' in node)) continue
    if (node.is === 'waiting') {
      const { node: wait } = step.node(path)
      const index =
        wait.kind === 'wait'
          ? state.inbox.findIndex(({ signal }) => wait.signals.includes(signal) || wait.interrupts.includes(signal))
          : -1
      const [buffered] = index < 0 ? [] : state.inbox.splice(index, 1)
      if (buffered) {
        step.proceed(path, buffered)
        continue
      }
    }
    if (node.due !== null) step.commands.push({ type: 'wake-at', path, due: node.due })
  }
}
