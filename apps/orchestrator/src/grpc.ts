import { workflow } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import type { WorkflowClient } from '@pitcrew/workflow-jetstream'
import type { AgentRegistry } from './adapters/agent-registry.ts'
import type { CaseStore } from './adapters/case-store.ts'
import type { WorkflowStore } from './adapters/workflow-store.ts'
import { caseMessage, caseTransition } from './domain/case-row.ts'
import type { Found } from './domain/workflow-message.ts'
import { liveOf, ofOpen } from './workflow-rpc/parts.ts'
import { decide } from './workflow-rpc/steering.ts'

export interface CaseRpcParts {
  cases: CaseStore
  store: WorkflowStore
  workflows: WorkflowClient
  agents: AgentRegistry
}

export function caseRpc({ cases, store, workflows, agents }: CaseRpcParts): RpcService {
  const find = async (caseId: string): Promise<Found> => {
    const found = await cases.get(caseId)
    if (found) return found
    throw new Terminal('NOT_FOUND', `there is no case "${caseId}"`, { hint: 'list the cases to see which there are' })
  }
  /** The answer tells the case as it was known before; its change arrives as an event. */
  const steer = <R extends { caseId: string; subject: string }>(act: (request: R, by: string) => Promise<void>) =>
    unary(async (request: R) => {
      const { row } = await find(request.caseId)
      await ofOpen({ store }, request.caseId, () => act(request, request.subject || 'operator'))
      return { case: caseMessage(row) }
    })
  const implementation: workflow.CaseServiceServer = {
    listCases: unary(async ({ phases, vehicleId, limit }: workflow.ListCasesRequest) => {
      const rows = await cases.list({ phases, vehicleId, limit: listLimit(limit) })
      return { cases: rows.map(caseMessage) }
    }),
    getCase: unary(async ({ caseId }: workflow.GetCaseRequest) => {
      const found = await find(caseId)
      const live = found.row.outputs ? undefined : await liveOf(workflows, caseId)
      return {
        case: caseMessage(found.row),
        history: (await store.history(found)).map(caseTransition),
        values: found.row.outputs ?? (live ? { $input: live.state.input, ...live.state.values } : {}),
      }
    }),
    pauseCase: steer<workflow.PauseCaseRequest>(({ caseId: id, reason }, by) => workflows.pause({ id, reason, by })),
    resumeCase: steer<workflow.ResumeCaseRequest>(({ caseId: id }, by) => workflows.resume({ id, by })),
    cancelCase: steer<workflow.CancelCaseRequest>(({ caseId: id, reason }, by) => workflows.cancel({ id, reason, by })),
    retryCase: steer<workflow.RetryCaseRequest>(({ caseId: id }, by) => workflows.retry({ id, by })),
    approveCase: steer<workflow.ApproveCaseRequest>(({ caseId: workflowId, approved, comment }, by) =>
      decide({ workflows }, { workflowId, path: '', approved, comment, decisionId: '' }, by),
    ),
    getStatistics: unary(async () => cases.statistics()),
    listAgents: unary(async () => ({ agents: agents.list() })),
  }
  return { definition: workflow.CaseServiceService, implementation }
}
