/**
 * Whether an event fits a workflow as it is. What is admitted never throws in `apply`.
 *
 * Each event that may come twice carries what it is recognised by: the attempt of a task, the due time of a timer, the id of a
 * signal, decision, update or child.
 */
import { Terminal, type Failure } from '@pitcrew/errors'
import { isOrphan, pathOfChild } from './child.ts'
import type { Definitions } from './compile.ts'
import type { WorkflowEvent } from './event.ts'
import { migrationRefused } from './migrate.ts'
import { isUndo } from './path.ts'
import { checkpoints } from './reset.ts'
import { open, type WorkflowState } from './state.ts'
import { refusalOf } from './update.ts'

const signalsBuffered = 256
/** Ids of decisions are remembered with those of signals, which may be the same. */
export const decisionMark = 'decision '

/** `doubled`: it was applied before, which is as good as success. `later`: it fits, but not while the workflow stands still. */
export type Admission = { is: 'fits' } | { is: 'doubled' } | { is: 'later' } | { is: 'refused'; failure: Failure }

const fits: Admission = { is: 'fits' }
const doubled: Admission = { is: 'doubled' }
const later: Admission = { is: 'later' }
const refused = (code: string, message: string, hint?: string): Admission => ({
  is: 'refused',
  failure: new Terminal(code, message, { hint }),
})
const judged = (failure: Failure | undefined): Admission => (failure ? { is: 'refused', failure } : fits)

/**
 * @param definitions needed for what depends on the definition: updates and migrations
 */
export function admit(
  state: WorkflowState | undefined,
  event: WorkflowEvent,
  definitions?: Pick<Definitions, 'get'>,
): Admission {
  if (event.type === 'started') return state === undefined ? fits : doubled
  if (state === undefined) return refused('UNKNOWN_WORKFLOW', 'there is no such workflow')
  switch (event.type) {
    case 'task-succeeded':
    case 'task-failed':
    case 'progressed':
      return admitResult(state, event)
    case 'timer-fired':
      return admitTimer(state, event)
    case 'signalled':
      return admitSignal(state, event.signalId)
    case 'decided':
      return admitDecision(state, event)
    case 'child-ended':
      return pathOfChild(state, event) !== undefined || isOrphan(state, event.childId) ? fits : doubled
    case 'parent-told':
      return state.untold ? fits : doubled
    case 'updated':
      if (state.answers?.some(({ updateId }) => updateId === event.updateId)) return doubled
      if (!open(state)) return gone(state)
      return definitions ? judged(refusalOf(programOf(state, definitions), state, event)) : needsDefinitions
    case 'admitted':
      return state.status === 'pending' ? fits : open(state) ? doubled : illegal(state, 'admitted')
    case 'paused':
    case 'resumed':
    case 'cancelled':
    case 'terminated':
    case 'retried':
    case 'reset':
    case 'migrated':
      return admitSteering(state, event, definitions)
  }
}

type Steering = Extract<
  WorkflowEvent,
  { type: 'paused' | 'resumed' | 'cancelled' | 'terminated' | 'retried' | 'reset' | 'migrated' }
>

function admitSteering(
  state: WorkflowState,
  event: Steering,
  definitions: Pick<Definitions, 'get'> | undefined,
): Admission {
  switch (event.type) {
    case 'paused':
      if (state.status === 'paused') return doubled
      return state.status === 'running' && !state.undoing ? fits : illegal(state, 'paused')
    case 'resumed':
      if (state.status === 'running') return doubled
      return state.status === 'paused' ? fits : illegal(state, 'resumed')
    case 'cancelled':
      if (state.status === 'cancelled' || ending(state)) return doubled
      return open(state) ? fits : illegal(state, 'cancelled')
    case 'terminated':
      if (state.status === 'cancelled') return doubled
      return state.status === 'completed' ? illegal(state, 'terminated') : fits
    case 'retried':
      return state.status === 'failed' ? fits : illegal(state, 'retried')
    case 'reset':
      return admitReset(state, event.to)
    case 'migrated':
      if (state.version === event.to) return doubled
      if ((!open(state) && state.status !== 'failed') || (open(state) && state.undoing))
        return illegal(state, 'migrated')
      if (!definitions) return needsDefinitions
      return judged(migrationRefused(programOf(state, definitions), state, event))
  }
}

const programOf = (state: WorkflowState, definitions: Pick<Definitions, 'get'>): ReturnType<Definitions['get']> =>
  definitions.get(state.definition, state.version)

const needsDefinitions = refused('INTERNAL', 'the definitions are needed to judge this event, and were not given')

function admitResult(state: WorkflowState, event: { path: string; attempt: number }): Admission {
  const node = state.nodes[event.path]
  if (node?.is === 'running' && node.attempt === event.attempt && open(state)) return fits
  return refused('STALE_RESULT', `nobody waits for attempt ${event.attempt} of ${event.path} any more`)
}

function admitTimer(state: WorkflowState, event: { path: string; due: number }): Admission {
  const node = state.nodes[event.path]
  if (!open(state) || node === undefined || !('due' in node) || node.due !== event.due) return doubled
  return state.status === 'paused' || (state.undoing && !isUndo(event.path)) ? later : fits
}

function admitSignal(state: WorkflowState, signalId: string): Admission {
  if (state.seen.includes(signalId)) return doubled
  if (!open(state)) return gone(state)
  if (state.inbox.length < signalsBuffered) return fits
  return refused('TOO_MANY_SIGNALS', `${signalsBuffered} signals wait already`)
}

function admitDecision(state: WorkflowState, event: { path: string; decisionId: string }): Admission {
  if (state.seen.includes(decisionMark + event.decisionId)) return doubled
  if (!open(state)) return gone(state)
  const node = state.nodes[event.path]
  if (node?.is === 'waiting' && node.approval) return fits
  const asked = Object.keys(state.nodes).filter((path) => 'approval' in (state.nodes[path] ?? {}))
  const hint = asked.length > 0 ? `a decision is awaited at ${asked.join(', ')}` : 'no decision is awaited now'
  return refused('NOT_AWAITED', `nobody waits for a decision at ${event.path}`, hint)
}

function admitReset(state: WorkflowState, to: string): Admission {
  if ((!open(state) && state.status !== 'failed') || (open(state) && state.undoing)) return illegal(state, 'set back')
  const known = checkpoints(state)
  if (known.includes(to)) return fits
  const hint =
    known.length > 0 ? `it can be set back to ${known.join(', ')}` : 'it has passed no checkpoint that is open'
  return refused('NO_CHECKPOINT', `the workflow cannot be set back to "${to}"`, hint)
}

/** It is being undone for good, not only set back. */
const ending = ({ status, undoing }: WorkflowState): boolean =>
  status === 'running' && undoing !== undefined && undoing.reset === undefined

const gone = (state: WorkflowState): Admission => refused('GONE', `the workflow has ended (${state.status})`)

function illegal(state: WorkflowState, verb: string): Admission {
  const is = state.undoing && open(state) ? (state.undoing.reset ? 'being set back' : 'ending') : state.status
  return refused('ILLEGAL_TRANSITION', `a workflow that is ${is} cannot be ${verb}`)
}
