export { judgeIteration } from './controller.ts'
export type {
  Iteration,
  IterationMetrics,
  IterationVerdict,
  Limits,
  NodeRun,
  NodeWorth,
  Reason,
  RetrySuggestion,
  Strategy,
} from './iteration.ts'
