/** C1, C5: the session summary: results, quality, decisions and recommendations of one workflow in one answer. */
import type { engine } from '@pitcrew/contracts'
import { unary } from '@pitcrew/rpc'
import type { Json } from '@pitcrew/workflow'
import { evaluatedHistory } from '../domain/evaluated-history.ts'
import { evaluateWorkflow } from '../domain/evaluation/index.ts'
import { evaluationMessage } from '../domain/evaluation-message.ts'
import { consolidated } from '../domain/recommendations.ts'
import { summaryText } from '../domain/summary-text.ts'
import { decisionMessages, workflowMessage } from '../domain/workflow-message.ts'
import { liveOf, unknown, type WorkflowRpcParts } from './parts.ts'
import { newest } from './reading.ts'

export function summaryRpc(parts: WorkflowRpcParts): Pick<engine.WorkflowServiceServer, 'summarizeWorkflow'> {
  const { store, evaluations, catalogue } = parts
  const { nodeOf } = catalogue
  return {
    summarizeWorkflow: unary(async ({ workflowId }: engine.SummarizeWorkflowRequest) => {
      const [live, known] = await Promise.all([liveOf(parts.workflows, workflowId), store.get(workflowId)])
      const found = newest(live, known, nodeOf)
      if (!found) throw unknown(workflowId)
      const { row } = found
      const outputs: { [path: string]: Json } = row.outputs ?? live?.state.values ?? {}
      const history = await store.history(found)
      const evaluated = evaluatedHistory(row, history, nodeOf)
      // One that has just ended is not in the books yet.
      const evaluation = (await evaluations.of(workflowId)) ?? (evaluated && evaluateWorkflow(evaluated))
      const quality = evaluation && evaluationMessage(evaluation)
      const until = row.endedAt === null ? Date.now() : Date.parse(row.endedAt)
      const summary = {
        workflow: workflowMessage(found),
        results: outermost(outputs),
        output: row.output,
        evaluation: quality,
        recommendations: consolidated({ failure: row.failure, outputs }, quality?.recommendations ?? []),
        decisions: decisionMessages(history),
        durationSeconds: Math.max(0, until - Date.parse(row.startedAt)) / 1_000,
        workingSeconds: history.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0) / 1_000,
      }
      return { ...summary, text: summaryText(summary, history) }
    }),
  }
}

const outermost = (outputs: { [path: string]: Json }): { [node: string]: Json } =>
  Object.fromEntries(Object.entries(outputs).filter(([path]) => !path.startsWith('$') && !path.includes('/')))
