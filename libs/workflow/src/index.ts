export { Flow, defaultRetry, defineWorkflow, type Callable, type NodeOptions, type TaskOptions } from './definition/builder.ts'
export { checkDefinition } from './definition/check.ts'
export { Definitions, compile, countNodes, type Program } from './core/compile.ts'
export { admit, apply, born, decide, type Admission } from './core/decide.ts'
export {
  allNodes,
  type Definition,
  type Graph,
  type Node,
  type Retry,
  type TaskNode,
  type WaitNode,
} from './definition/definition.ts'
export type { Command, EventType, WorkflowEvent } from './core/event.ts'
export { evaluate, type Environment } from './definition/expression.ts'
export { decodeFrame, encodeFrame, type Entry, type View } from './runner/frame.ts'
export type { Json } from './definition/json.ts'
export { checkTransition, mayFollow, plainLifecycle, type Lifecycle } from './definition/lifecycle.ts'
export { criticalPath, parallelGroups, topologicalOrder } from './definition/ordering.ts'
export { Partition, type Incoming, type PartitionOptions } from './runner/partition.ts'
export {
  systemClock,
  type Clock,
  type Log,
  type Snapshot,
  type Snapshots,
  type TaskQueue,
  type TaskToRun,
} from './runner/ports.ts'
export {
  add,
  and,
  attribute,
  coalesce,
  eq,
  ge,
  item,
  lookup,
  lt,
  ne,
  not,
  oneOf,
  or,
  when,
  type Expr,
  type In,
  type Ref,
} from './definition/reference.ts'
export { nodeId, open, type NodeState, type Status, type WorkflowState } from './core/state.ts'
export { viewOf } from './runner/view.ts'
