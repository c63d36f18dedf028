import { workflow } from '@pitcrew/contracts'
import { Terminal, toFailure } from '@pitcrew/errors'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import type { WorkflowClient } from '@pitcrew/workflow-jetstream'
import type { AgentRegistry } from './adapters/agent-registry.ts'
import type { CaseStore } from './adapters/case-store.ts'
import { caseMessage } from './domain/case-row.ts'

export interface CaseRpcParts {
  store: CaseStore
  workflows: WorkflowClient
  agents: AgentRegistry
}

export function caseRpc({ store, workflows, agents }: CaseRpcParts): RpcService {
  const find = async (caseId: string) => {
    const row = await store.get(caseId)
    if (row) return row
    throw new Terminal('NOT_FOUND', `there is no case "${caseId}"`, { hint: 'list the cases to see which there are' })
  }
  /** The answer tells the case as it was known before; its change arrives as an event. */
  const steer = <R extends { caseId: string; subject: string }>(act: (request: R, by: string) => Promise<void>) =>
    unary(async (request: R) => {
      const row = await find(request.caseId)
      await act(request, request.subject || 'operator').catch((error: unknown) => explain(request.caseId, error))
      return { case: caseMessage(row) }
    })
  const implementation: workflow.CaseServiceServer = {
    listCases: unary(async ({ phases, vehicleId, limit }: workflow.ListCasesRequest) => {
      const rows = await store.list({ phases, vehicleId, limit: listLimit(limit) })
      return { cases: rows.map(caseMessage) }
    }),
    getCase: unary(async ({ caseId }: workflow.GetCaseRequest) => {
      const row = await find(caseId)
      const values = row.outputs ?? (await liveValues(workflows, caseId))
      return { case: caseMessage(row), history: await store.history(caseId), values: values ?? {} }
    }),
    pauseCase: steer<workflow.PauseCaseRequest>(({ caseId: id, reason }, by) => workflows.pause({ id, reason, by })),
    resumeCase: steer<workflow.ResumeCaseRequest>(({ caseId: id }, by) => workflows.resume({ id, by })),
    cancelCase: steer<workflow.CancelCaseRequest>(({ caseId: id, reason }, by) => workflows.cancel({ id, reason, by })),
    retryCase: steer<workflow.RetryCaseRequest>(({ caseId: id }, by) => workflows.retry({ id, by })),
    approveCase: steer<workflow.ApproveCaseRequest>(async ({ caseId: id, approved, comment }, by) => {
      const { view } = await workflows.get(id)
      if (!view.active.some((path) => path.endsWith('approval'))) {
        throw new Terminal('ILLEGAL_TRANSITION', `case ${id} does not wait for an approval`)
      }
      const payload = { approved, comment, by }
      await workflows.signal({ id, signal: 'approval', signalId: `approval:${view.startedAt}`, payload })
    }),
    getStatistics: unary(async () => store.statistics()),
    listAgents: unary(async () => ({ agents: agents.list() })),
  }
  return { definition: workflow.CaseServiceService, implementation }
}

/** A case that has ended is unknown to the engine, but not to the person who asks. */
function explain(caseId: string, error: unknown): never {
  const failure = toFailure(error)
  if (failure.code === 'UNKNOWN_WORKFLOW' || failure.code === 'GONE' || failure.code === 'NOT_FOUND') {
    throw new Terminal('ILLEGAL_TRANSITION', `case ${caseId} has ended`, {
      cause: error,
      hint: 'show the case to see how it ended',
    })
  }
  throw failure
}

async function liveValues(workflows: WorkflowClient, caseId: string): Promise<Record<string, unknown> | undefined> {
  try {
    const { state } = await workflows.get(caseId)
    return { $input: state.input, ...state.values }
  } catch (error) {
    if (toFailure(error).code === 'NOT_FOUND') return undefined
    throw error
  }
}
