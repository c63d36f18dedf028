/** F3, C1: what people do to a workflow that is under way. */
import { randomUUID } from 'node:crypto'
import type { engine } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { unary } from '@pitcrew/rpc'
import type { Json } from '@pitcrew/workflow'
import { traceparent } from '../handlers/trace.ts'
import { ofOpen, whoever, type WorkflowRpcParts } from './parts.ts'

type Steering =
  | 'signalWorkflow'
  | 'queryWorkflow'
  | 'updateWorkflow'
  | 'pauseWorkflow'
  | 'resumeWorkflow'
  | 'cancelWorkflow'
  | 'terminateWorkflow'
  | 'retryWorkflow'
  | 'resetWorkflow'
  | 'migrateWorkflow'
  | 'decideApproval'

export function steeringRpc(parts: WorkflowRpcParts): Pick<engine.WorkflowServiceServer, Steering> {
  const { workflows } = parts
  const steer = <R extends { workflowId: string }, T extends object = Record<string, never>>(
    act: (request: R, by: string) => Promise<T | void>,
  ) =>
    unary(async (request: R & { subject?: string }) =>
      ofOpen(parts, request.workflowId, async () => ((await act(request, whoever(request.subject ?? ''))) ?? {}) as T),
    )
  return {
    signalWorkflow: steer(async (request: engine.SignalWorkflowRequest) => {
      const { workflowId: id, signal, payload } = request
      if (!signal) throw new Terminal('BAD_REQUEST', 'the signal has no name')
      const trace = traceparent()
      const signalId = request.signalId || randomUUID()
      await workflows.signal({ id, signal, signalId, payload: json(payload), ...(trace && { trace }) })
    }),
    queryWorkflow: steer(async ({ workflowId: id, name }: engine.QueryWorkflowRequest) => ({
      value: await workflows.query({ id, name }),
    })),
    updateWorkflow: steer(async (request: engine.UpdateWorkflowRequest, by) => {
      const { workflowId: id, name, payload } = request
      const updateId = request.updateId || randomUUID()
      return { result: await workflows.update({ id, name, updateId, payload: json(payload), by }) }
    }),
    pauseWorkflow: steer(({ workflowId: id, reason }: engine.PauseWorkflowRequest, by) =>
      workflows.pause({ id, reason, by }),
    ),
    resumeWorkflow: steer(({ workflowId: id }: engine.ResumeWorkflowRequest, by) => workflows.resume({ id, by })),
    cancelWorkflow: steer(({ workflowId: id, reason }: engine.CancelWorkflowRequest, by) =>
      workflows.cancel({ id, reason, by }),
    ),
    terminateWorkflow: steer(({ workflowId: id, reason }: engine.TerminateWorkflowRequest, by) =>
      workflows.terminate({ id, reason, by }),
    ),
    retryWorkflow: steer(({ workflowId: id }: engine.RetryWorkflowRequest, by) => workflows.retry({ id, by })),
    resetWorkflow: steer(({ workflowId: id, checkpoint: to, reason }: engine.ResetWorkflowRequest, by) =>
      workflows.reset({ id, to, reason, by }),
    ),
    migrateWorkflow: steer(({ workflowId: id, version, mapping }: engine.MigrateWorkflowRequest, by) =>
      workflows.migrate({ id, to: version, mapping: renamings(mapping), by }),
    ),
    decideApproval: steer((request: engine.DecideApprovalRequest, by) => decide(parts, request, by)),
  }
}

export const json = (value: unknown): Json => (value ?? null) as Json

/** Old node id to new one, or null. @throws Terminal BAD_REQUEST */
export function renamings(mapping: { [old: string]: unknown } | undefined): { [old: string]: string | null } {
  for (const [old, now] of Object.entries(mapping ?? {})) {
    if (typeof now === 'string' || now === null) continue
    throw new Terminal('BAD_REQUEST', `node ${old} is mapped to a ${typeof now}, expected the id of a node, or null`)
  }
  return (mapping ?? {}) as { [old: string]: string | null }
}

/** Of one that waits for a single approval, the path need not be named. @throws Terminal ILLEGAL_TRANSITION */
export async function decide(
  { workflows }: Pick<WorkflowRpcParts, 'workflows'>,
  { workflowId: id, path, approved, comment, decisionId }: Omit<engine.DecideApprovalRequest, 'subject'>,
  by: string,
): Promise<void> {
  const only = path || (await onlyApproval({ workflows }, id))
  await workflows.decide({ id, path: only, approved, by, comment, decisionId: decisionId || randomUUID() })
}

async function onlyApproval({ workflows }: Pick<WorkflowRpcParts, 'workflows'>, id: string): Promise<string> {
  const { view } = await workflows.get(id)
  const waiting = (view.approvals ?? []).map(({ path }) => path)
  const [path] = waiting
  if (path === undefined) throw new Terminal('ILLEGAL_TRANSITION', `workflow ${id} does not wait for an approval`)
  if (waiting.length === 1) return path
  throw new Terminal('ILLEGAL_TRANSITION', `workflow ${id} waits for several approvals`, {
    hint: `name one: ${waiting.join(', ')}`,
  })
}
