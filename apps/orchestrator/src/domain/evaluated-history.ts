/** F8: a workflow's history in the views, as the evaluator takes it. */
import { workflow } from '@pitcrew/contracts'
import type { TransitionRecord, WorkflowHistory } from './evaluation/index.ts'
import type { TransitionRow } from './transition-row.ts'
import type { NodeOf, WorkflowRow } from './workflow-row.ts'

const { COMPLETED, FAILED, CANCELLED } = workflow.WorkflowStatus

const endings: Partial<Record<workflow.WorkflowStatus, WorkflowHistory['status']>> = {
  [COMPLETED]: 'completed',
  [FAILED]: 'failed',
  [CANCELLED]: 'cancelled',
}

/** Undefined while it has not ended. */
export function evaluatedHistory(
  row: WorkflowRow,
  steps: readonly TransitionRow[],
  nodeOf: NodeOf,
): WorkflowHistory | undefined {
  const status = endings[row.status]
  if (status === undefined || row.endedAt === null) return undefined
  const { deadlineAt } = row.attributes
  return {
    id: row.workflowId,
    definition: row.definition,
    version: row.version,
    startedAt: Date.parse(row.startedAt),
    endedAt: Date.parse(row.endedAt),
    status,
    outcome: row.outcome,
    urgency: row.urgency,
    ...(typeof deadlineAt === 'number' && { deadlineAt }),
    transitions: recordsOf(row, steps, nodeOf),
  }
}

function recordsOf(
  { definition, version }: WorkflowRow,
  steps: readonly TransitionRow[],
  nodeOf: NodeOf,
): TransitionRecord[] {
  const begun = Map.groupBy(
    steps.filter(({ durationMs }) => durationMs !== null),
    ({ at, durationMs }) => Date.parse(at) - (durationMs ?? 0),
  )
  return steps.map((step) => {
    const at = Date.parse(step.at)
    const node = nodeOf(definition, version, step.node)
    const activated = begun.get(at)?.map((task) => task.node)
    return {
      at,
      event: step.event,
      node: step.node,
      attempt: step.attempt,
      agent: step.agent,
      ...(node?.kind === 'task' && { capability: node.capability }),
      ...(step.code !== '' && { failureCode: step.code }),
      ...(step.confidence !== null && { confidence: step.confidence }),
      ...(activated && { activated }),
    }
  })
}
