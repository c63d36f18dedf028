/** What people see of a workflow after one of its transitions. */
import { vehicle, workflow } from '@pitcrew/contracts'
import type { WireFailure } from '@pitcrew/errors'
import type { Entry, Json, Node, View } from '@pitcrew/workflow'
import { originOf } from './origin.ts'
import { tick, type NodeClock } from './node-clock.ts'

export type NodeOf = (definition: string, version: number, path: string) => Node | undefined

export interface WorkflowRow {
  workflowId: string
  definition: string
  /** 0 while its start has not been seen. */
  version: number
  status: workflow.WorkflowStatus
  phase: string
  /** 1 (urgent) to 4 (routine) */
  priority: number
  urgency: vehicle.Urgency
  vehicleId: string
  attributes: { [name: string]: Json }
  startedAt: string
  updatedAt: string
  endedAt: string | null
  progress: number
  outcome: string
  failure: (WireFailure & { node: string }) | null
  active: string[]
  clock: NodeClock
  approvals: PendingApproval[]
  detail: string
  revision: number
  parentId: string
  /** W3C traceparent of what started it. */
  trace: string
  /** Attempts that failed, and attempts beyond the first that were made. */
  errors: number
  retries: number
  /** Inputs and outputs, with the last transition. */
  outputs: { [path: string]: Json } | null
  /** What the definition's `result` gave, with the last transition. */
  output: Json
}

export interface PendingApproval {
  path: string
  reason: string
  approvers: string
  since: string
  due: string | null
}

export const iso = (ms: number): string => new Date(ms).toISOString()

export const statusOf: Record<View['status'], workflow.WorkflowStatus> = {
  pending: workflow.WorkflowStatus.PENDING,
  running: workflow.WorkflowStatus.RUNNING,
  paused: workflow.WorkflowStatus.PAUSED,
  completed: workflow.WorkflowStatus.COMPLETED,
  failed: workflow.WorkflowStatus.FAILED,
  cancelled: workflow.WorkflowStatus.CANCELLED,
}

const over: ReadonlySet<View['status']> = new Set(['completed', 'failed', 'cancelled'])
const routine = 4

/** @param before as it was known until now; undefined for the first that is heard of it */
export function rowAfter(entry: Entry, before: WorkflowRow | undefined, nodeOf: NodeOf): WorkflowRow {
  const { id, revision, event, after } = entry
  const { attributes } = after
  const origin = originOf(entry, before)
  const node = (path: string) => nodeOf(after.definition, origin.version, path)
  const clock = tick(before?.clock ?? {}, after.active, event)
  const attempt = 'attempt' in event ? event.attempt : 0
  return {
    workflowId: id,
    definition: after.definition,
    ...origin,
    status: statusOf[after.status],
    phase: after.phase,
    priority: priorityIn(attributes),
    urgency: urgencyIn(attributes),
    vehicleId: text(attributes.vehicleId),
    attributes,
    startedAt: iso(after.startedAt),
    updatedAt: iso(event.at),
    endedAt: over.has(after.status) ? (before?.endedAt ?? iso(event.at)) : null,
    progress: after.progress,
    outcome: after.outcome ?? '',
    failure: after.failure ?? null,
    active: after.active,
    clock,
    approvals: approvalsOf(after, clock),
    detail: detailOf(after, node),
    revision,
    errors: (before?.errors ?? 0) + (event.type === 'task-failed' ? 1 : 0),
    retries: (before?.retries ?? 0) + (attempt > 1 ? 1 : 0),
    outputs: after.values ?? null,
    output: after.output ?? null,
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const urgencies: ReadonlySet<string> = new Set(Object.values(vehicle.Urgency))

function urgencyIn({ urgency }: { [name: string]: Json }): vehicle.Urgency {
  return (urgencies.has(text(urgency)) ? urgency : vehicle.Urgency.UNSPECIFIED) as vehicle.Urgency
}

/** M2 */
function priorityIn({ priority }: { [name: string]: Json }): number {
  return typeof priority === 'number' && priority >= 1 && priority <= routine ? Math.floor(priority) : routine
}

function approvalsOf({ approvals = [] }: View, clock: NodeClock): PendingApproval[] {
  return approvals.map(({ path, reason, approvers, due }) => ({
    path,
    reason,
    approvers,
    since: iso(clock[path]?.[0] ?? 0),
    due: due === null ? null : iso(due),
  }))
}

/** Why it stands where it stands, in words. */
function detailOf(after: View, node: (path: string) => Node | undefined): string {
  if (after.failure && (after.status === 'failed' || after.phase === 'RETRY'))
    return `${after.failure.node}: ${after.failure.message} (${after.failure.code})`
  return after.active
    .map((path) => {
      const found = node(path)
      const reason = found?.kind === 'wait' ? found.reason : after.approvals?.find((one) => one.path === path)?.reason
      return reason === undefined ? `at ${path}` : `waits for ${reason}`
    })
    .join(', ')
}
