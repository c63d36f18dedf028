/** A transition of the log as what people see of a case. */
import { agent, vehicle, workflow } from '@pitcrew/contracts'
import type { Entry, Node, View } from '@pitcrew/workflow'

export interface CaseRow {
  caseId: string
  vehicleId: string
  system: vehicle.VehicleSystem
  urgency: vehicle.Urgency
  phase: workflow.Phase
  status: workflow.WorkflowStatus
  priority: number
  outcome: string
  openedAt: string
  updatedAt: string
  endedAt: string | null
  progress: number
  detail: string
  revision: number
  /** W3C traceparent of what opened it. */
  trace: string
  engaged: boolean
  scheduled: boolean
}

const iso = (ms: number): string => new Date(ms).toISOString()
const phaseOf = (name: string): workflow.Phase =>
  workflow.Phase[name as keyof typeof workflow.Phase] ?? workflow.Phase.UNSPECIFIED

const statusOf: Record<View['status'], workflow.WorkflowStatus> = {
  pending: workflow.WorkflowStatus.PENDING,
  running: workflow.WorkflowStatus.RUNNING,
  paused: workflow.WorkflowStatus.PAUSED,
  completed: workflow.WorkflowStatus.COMPLETED,
  failed: workflow.WorkflowStatus.FAILED,
  cancelled: workflow.WorkflowStatus.CANCELLED,
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function caseRow({ id, revision, event, after }: Entry, node: (path: string) => Node | undefined): CaseRow {
  const { attributes } = after
  const over = after.status === 'completed' || after.status === 'failed' || after.status === 'cancelled'
  return {
    caseId: id,
    vehicleId: text(attributes.vehicleId),
    system: (text(attributes.system) || vehicle.VehicleSystem.UNSPECIFIED) as vehicle.VehicleSystem,
    urgency: (text(attributes.urgency) || vehicle.Urgency.UNSPECIFIED) as vehicle.Urgency,
    phase: phaseOf(after.phase),
    status: statusOf[after.status],
    priority: typeof attributes.priority === 'number' ? attributes.priority : 4,
    outcome: after.outcome ?? '',
    openedAt: iso(after.startedAt),
    updatedAt: iso(event.at),
    endedAt: over ? iso(event.at) : null,
    progress: after.progress,
    detail: detailOf(after, node),
    revision,
    trace: after.trace ?? '',
    engaged: attributes.engaged === true,
    scheduled: attributes.scheduled === true,
  }
}

/** Why it stands where it stands, in words. */
function detailOf(after: View, node: (path: string) => Node | undefined): string {
  if (after.failure && (after.status === 'failed' || after.phase === 'RETRY'))
    return `${after.failure.node}: ${after.failure.message} (${after.failure.code})`
  const reasons = after.active.map((path) => {
    const found = node(path)
    return found?.kind === 'wait' ? `waits for ${found.reason}` : `at ${path}`
  })
  return reasons.join(', ')
}

export function transitionOf({ revision, event, after }: Entry): workflow.Transition {
  const failure = event.type === 'task-failed' ? event.failure : undefined
  return {
    number: revision,
    at: iso(event.at),
    event: event.type === 'signalled' ? `signalled ${event.signal}` : event.type,
    node: 'path' in event ? event.path : '',
    phase: phaseOf(after.phase),
    status: statusOf[after.status],
    agent: 'agent' in event ? event.agent : 'by' in event ? event.by : '',
    detail: failure ? `${failure.code}: ${failure.message}` : 'reason' in event ? event.reason : '',
  }
}

const priorities = [agent.Priority.URGENT, agent.Priority.HIGH, agent.Priority.SCHEDULED, agent.Priority.ROUTINE]

export function caseMessage(row: CaseRow): workflow.Case {
  return {
    caseId: row.caseId,
    vehicleId: row.vehicleId,
    system: row.system,
    urgency: row.urgency,
    phase: row.phase,
    status: row.status,
    priority: priorities[row.priority - 1] ?? agent.Priority.ROUTINE,
    outcome: row.outcome,
    openedAt: row.openedAt,
    updatedAt: row.updatedAt,
    endedAt: row.endedAt ?? undefined,
    progress: row.progress,
    detail: row.detail,
    revision: row.revision,
    traceId: row.trace.split('-')[1] ?? '',
  }
}
