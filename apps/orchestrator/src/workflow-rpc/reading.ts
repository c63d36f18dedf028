/** F9, L11: what a workflow is doing, and which there are. */
import type { engine } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { listLimit, unary } from '@pitcrew/rpc'
import { searchWorkflows, workflowsAsking, everything } from '../adapters/workflow-search.ts'
import { workflowStatistics } from '../adapters/workflow-statistics.ts'
import { agentMessage, evaluationMessage, standingMessage } from '../domain/evaluation-message.ts'
import { liveRow } from '../domain/live-row.ts'
import { checkpointsOf, standingsOf } from '../domain/node-standing.ts'
import { statusOf } from '../domain/workflow-row.ts'
import {
  approvalMessage,
  decisionMessages,
  failureMessage,
  transitionMessage,
  workflowMessage,
  type Found,
} from '../domain/workflow-message.ts'
import { liveOf, mustFind, unknown, type Live, type WorkflowRpcParts } from './parts.ts'
import { timeLeft } from './time-left.ts'

type Reading =
  'getWorkflow' | 'searchWorkflows' | 'listApprovals' | 'waitForResult' | 'getWorkflowStatistics' | 'listEvaluations'

const historyLimits = { usual: 1_000, most: 10_000 }
const mostWaitMs = 60_000

export function readingRpc(parts: WorkflowRpcParts): Pick<engine.WorkflowServiceServer, Reading> {
  const { database, evaluations, maxActive } = parts
  return {
    getWorkflow: unary((request: engine.GetWorkflowRequest) => getWorkflow(parts, request)),
    searchWorkflows: unary(async ({ filter, limit, cursor }: engine.SearchWorkflowsRequest) => {
      const { found, next } = await searchWorkflows(database, filter ?? everything, listLimit(limit), cursor)
      return { workflows: found.map((one) => workflowMessage(one)), next }
    }),
    listApprovals: unary(async ({ workflowId, approvers, limit }: engine.ListApprovalsRequest) => {
      const rows = await workflowsAsking(database, workflowId, approvers, listLimit(limit))
      const all = rows.flatMap((row) => row.approvals.map((one) => approvalMessage(row, one)))
      return { approvals: all.filter((one) => approvers === '' || one.approvers === approvers) }
    }),
    waitForResult: unary((request: engine.WaitForResultRequest) => waitForResult(parts, request)),
    getWorkflowStatistics: unary((request: engine.GetWorkflowStatisticsRequest) =>
      workflowStatistics(database, request, maxActive),
    ),
    listEvaluations: unary(async ({ definition, version, limit }: engine.ListEvaluationsRequest) => ({
      evaluations: (await evaluations.list(definition, version, listLimit(limit))).map(evaluationMessage),
      standing: definition && version ? standingMessage(evaluations.standing(definition, version)) : undefined,
      agents: evaluations.agents().map(agentMessage),
    })),
  }
}

async function getWorkflow(
  parts: WorkflowRpcParts,
  { workflowId, historyAfter, historyLimit }: engine.GetWorkflowRequest,
): Promise<engine.GetWorkflowResponse> {
  const { store, catalogue } = parts
  const [live, known] = await Promise.all([liveOf(parts.workflows, workflowId), store.get(workflowId)])
  const found = newest(live, known, catalogue.nodeOf)
  if (!found) throw unknown(workflowId)
  const { row } = found
  const [history, decisions, children, estimate] = await Promise.all([
    store.history(found, historyAfter, listLimit(historyLimit, historyLimits)),
    store.decisions(found),
    store.children(workflowId),
    live && timeLeft(parts, row, live.state),
  ])
  return {
    workflow: { ...workflowMessage(found), ...estimate },
    history: history.map(transitionMessage),
    values: row.outputs ?? (live ? { $input: live.state.input, ...live.state.values } : {}),
    nodes: live ? standingsOf(live.state) : [],
    decisions: decisionMessages(decisions),
    approvals: row.approvals.map((one) => approvalMessage(row, one)),
    checkpoints: live ? checkpointsOf(live.state) : [],
    children,
    output: row.output,
  }
}

/** What the engine says now goes before a view that is a moment behind. */
export function newest(
  live: Live | undefined,
  known: Found | undefined,
  nodeOf: Parameters<typeof liveRow>[2],
): Found | undefined {
  if (!live || (known && known.row.revision >= live.state.revision)) return known
  return { row: liveRow(live, known?.row, nodeOf), archived: false }
}

async function waitForResult(
  parts: WorkflowRpcParts,
  { workflowId: id, timeoutMs }: engine.WaitForResultRequest,
): Promise<engine.WaitForResultResponse> {
  try {
    const ending = await parts.workflows.result({ id, timeoutMs: Math.min(timeoutMs, mostWaitMs) })
    const { outcome, output, failure } = ending
    return {
      ended: true,
      status: statusOf[ending.status],
      outcome,
      output,
      failure: failure && failureMessage(failure, failure.node),
    }
  } catch (error) {
    const { code } = toFailure(error)
    if (code === 'DEADLINE_EXCEEDED') return stillOpen(parts, id)
    if (code === 'GONE' || code === 'UNKNOWN_WORKFLOW' || code === 'NOT_FOUND')
      return asStored(await mustFind(parts, id))
    throw error
  }
}

async function stillOpen(parts: WorkflowRpcParts, id: string): Promise<engine.WaitForResultResponse> {
  const live = await liveOf(parts.workflows, id)
  if (!live) return asStored(await mustFind(parts, id))
  return { ended: false, status: statusOf[live.view.status], outcome: '', output: undefined, failure: undefined }
}

function asStored({ row }: Found): engine.WaitForResultResponse {
  return {
    ended: row.endedAt !== null,
    status: row.status,
    outcome: row.outcome,
    output: row.output,
    failure: row.failure ? failureMessage(row.failure, row.failure.node) : undefined,
  }
}
