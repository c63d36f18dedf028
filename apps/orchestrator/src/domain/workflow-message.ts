import type { engine } from '@pitcrew/contracts'
import type { WireFailure } from '@pitcrew/errors'
import { priorityMessage } from './priority.ts'
import type { TransitionRow } from './transition-row.ts'
import type { PendingApproval, WorkflowRow } from './workflow-row.ts'

export const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? ''

/** Where a row was found. */
export interface Found {
  row: WorkflowRow
  archived: boolean
}

export function workflowMessage({ row, archived }: Found): engine.Workflow {
  return {
    workflowId: row.workflowId,
    definition: row.definition,
    version: row.version,
    status: row.status,
    phase: row.phase,
    priority: priorityMessage(row.priority),
    urgency: row.urgency,
    vehicleId: row.vehicleId,
    attributes: row.attributes,
    startedAt: row.startedAt,
    updatedAt: row.updatedAt,
    endedAt: row.endedAt ?? undefined,
    progress: row.progress,
    timeLeft: undefined,
    outcome: row.outcome,
    failure: row.failure ? failureMessage(row.failure, row.failure.node) : undefined,
    active: row.active,
    detail: row.detail,
    revision: row.revision,
    parentId: row.parentId,
    traceId: traceIdOf(row.trace),
    archived,
  }
}

export function failureMessage(failure: WireFailure, node = ''): engine.WorkflowFailure {
  const { kind, code, message, hint = '' } = failure
  return { node, kind, code, message, hint }
}

export function transitionMessage(step: TransitionRow): engine.WorkflowTransition {
  const { number, at, event, node, phase, status, agent: by, attempt, detail, code } = step
  return { number, at, event, node, phase, status, by, attempt, detail, code }
}

export function decisionMessages(steps: readonly TransitionRow[]): engine.Decision[] {
  return steps.flatMap(({ decision, node, at, agent: by }) => {
    if (!decision) return []
    const { kind, chosen, explanation, record } = decision
    return { path: node, at, kind, chosen, explanation, by, record }
  })
}

export function approvalMessage(
  row: WorkflowRow,
  { path, reason, approvers, since, due }: PendingApproval,
): engine.Approval {
  return {
    workflowId: row.workflowId,
    path,
    reason,
    approvers,
    since,
    due: due ?? undefined,
    definition: row.definition,
    priority: priorityMessage(row.priority),
    vehicleId: row.vehicleId,
  }
}
