/** L11: keeps the views of all workflows up to date from the log, tells everybody of each change of a case, and alarms (L8). */
import { events } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import type { Logger, Telemetry } from '@pitcrew/observability'
import type { Entry } from '@pitcrew/workflow'
import { caseMessage, caseTransition, isCase } from '../domain/case-row.ts'
import type { FrameChanges } from '../domain/fold-frame.ts'
import type { NodeOf } from '../domain/workflow-row.ts'
import type { WorkflowStore } from './workflow-store.ts'

export interface ProjectionParts {
  store: WorkflowStore
  messaging: Messaging
  nodeOf: NodeOf
  logger: Logger
  telemetry: Telemetry
  /** M3: what became of an attempt at a task. */
  observe: (agent: string, capability: string, ok: boolean, durationMs: number) => void
  /** Workflows that have moved, for those who follow them from this instance. */
  moved: (ids: string[]) => void
}

export function projectWorkflows({ store, messaging, nodeOf, logger, telemetry, observe, moved }: ProjectionParts) {
  const failures = telemetry.meter.createCounter('pitcrew.workflows.failed', {
    description: 'workflows that have failed',
  })
  return async (entries: Entry[]): Promise<void> => {
    if (entries.length === 0) return
    const changes = await store.take(entries, nodeOf)
    await tellOfCases(messaging, changes)
    for (const { row } of changes.steps.filter(({ failed }) => failed)) {
      failures.add(1, { definition: row.definition })
      logger.error('a workflow has failed', {
        workflow: row.workflowId,
        definition: row.definition,
        phase: row.phase,
        node: row.failure?.node,
        code: row.failure?.code,
        hint: 'retry it from the point of failure, reset it to a checkpoint, or cancel it',
      })
    }
    record(changes, nodeOf, observe)
    moved(changes.rows.map(({ workflowId }) => workflowId))
  }
}

function record({ steps }: FrameChanges, nodeOf: NodeOf, observe: ProjectionParts['observe']): void {
  for (const { row, transition, fresh, tookMs } of steps) {
    const { agent, event, node: path, durationMs } = transition
    if (!fresh || agent === '' || (event !== 'task-succeeded' && event !== 'task-failed')) continue
    const node = nodeOf(row.definition, row.version, path)
    if (node?.kind === 'task') observe(agent, node.capability, event === 'task-succeeded', tookMs ?? durationMs ?? 0)
  }
}

async function tellOfCases(messaging: Messaging, { steps }: FrameChanges): Promise<void> {
  const cases = steps.filter(({ row }) => isCase(row))
  if (cases.length === 0) return
  await messaging.publishMany(
    events.caseChanged,
    cases.map(({ row, transition }) => ({
      key: row.workflowId,
      id: `${row.workflowId}:${row.revision}`,
      message: { case: caseMessage(row), transition: caseTransition(transition) },
    })),
  )
}
