import type { workflow } from '@pitcrew/contracts'
import type { Entry } from '@pitcrew/workflow'
import { decisionIn, type DecisionRecord } from './decision-record.ts'
import { attemptMs, type NodeClock } from './node-clock.ts'
import { iso, statusOf } from './workflow-row.ts'

/** One step of a workflow's history. */
export interface TransitionRow {
  workflowId: string
  number: number
  at: string
  event: string
  node: string
  phase: string
  status: workflow.WorkflowStatus
  /** Agent or person who did it. */
  agent: string
  attempt: number
  detail: string
  /** Of a failed attempt. */
  code: string
  /** Of a task's attempt, from when it could begin to its result, milliseconds. */
  durationMs: number | null
  /** 0 to 1, of a result that says how sure it is. */
  confidence: number | null
  /** A decision that it records. */
  decision: DecisionRecord | null
}

export function transitionOf({ id, revision, event, after }: Entry, before: NodeClock): TransitionRow {
  const failure = event.type === 'task-failed' ? event.failure : undefined
  return {
    workflowId: id,
    number: revision,
    at: iso(event.at),
    event: event.type === 'signalled' ? `signalled ${event.signal}` : event.type,
    node: 'path' in event ? event.path : '',
    phase: after.phase,
    status: statusOf[after.status],
    agent: 'agent' in event ? event.agent : 'by' in event ? event.by : '',
    attempt: 'attempt' in event ? event.attempt : 0,
    detail: failure ? `${failure.code}: ${failure.message}` : wordsOf(event),
    code: failure?.code ?? '',
    durationMs: attemptMs(before, event),
    confidence: confidenceOf(event),
    decision: decisionIn(event),
  }
}

function confidenceOf(event: Entry['event']): number | null {
  if (event.type !== 'task-succeeded') return null
  const { output } = event
  const said = typeof output === 'object' && output !== null && !Array.isArray(output) ? output.confidence : null
  return typeof said === 'number' ? said : null
}

function wordsOf(event: Entry['event']): string {
  switch (event.type) {
    case 'decided':
      return `${event.approved ? 'approved' : 'rejected'}${event.comment ? `: ${event.comment}` : ''}`
    case 'reset':
      return `to ${event.to}: ${event.reason}`
    case 'migrated':
      return `to version ${event.to}`
    case 'updated':
      return event.name
    case 'child-ended':
      return `${event.childId}: ${event.outcome || event.status}`
    default:
      return 'reason' in event ? event.reason : ''
  }
}
