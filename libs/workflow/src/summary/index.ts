export type { Recommendation } from './recommendations.ts'
export { workflowSummary, type TaskSummary, type WorkflowSummary } from './summary.ts'
