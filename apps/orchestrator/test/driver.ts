/** What a person does to errands. */
import { engine, type workflow } from '@pitcrew/contracts'
import type { Platform } from './platform.ts'

export const at = (path: string) => (one: engine.GetWorkflowResponse) => one.workflow?.active.includes(path) ?? false
export const is = (status: workflow.WorkflowStatus) => (one: engine.GetWorkflowResponse) =>
  one.workflow?.status === status

export function driver(platform: () => Platform) {
  const workflows = () => platform().workflows
  return {
    start: (workflowId: string, name = workflowId, template = 'errand') =>
      workflows().startWorkflow(engine.StartWorkflowRequest.fromPartial({ workflowId, template, input: { name } })),
    approve: (workflowId: string) =>
      workflows().decideApproval({
        workflowId,
        path: '',
        approved: true,
        comment: 'fine',
        decisionId: '',
        subject: 'ann',
      }),
    go: (workflowId: string) =>
      workflows().signalWorkflow({ workflowId, signal: 'go', signalId: 'go', payload: {}, subject: 'ann' }),
    search: (filter: Partial<engine.WorkflowFilter>, limit = 0, cursor = '') =>
      workflows().searchWorkflows({ filter: engine.WorkflowFilter.fromPartial(filter), limit, cursor }),
  }
}
