export { Flow, defaultRetry, defineWorkflow, type Callable, type NodeOptions, type TaskOptions } from './builder.ts'
export { checkDefinition } from './check.ts'
export { Definitions, compile, countNodes, type Program } from './compile.ts'
export { admit, apply, born, decide, type Admission } from './decide.ts'
export {
  allNodes,
  type Definition,
  type Graph,
  type Node,
  type Retry,
  type TaskNode,
  type WaitNode,
} from './definition.ts'
export type { Command, EventType, WorkflowEvent } from './event.ts'
export { evaluate, type Environment } from './expression.ts'
export { decodeFrame, encodeFrame, type Entry, type View } from './frame.ts'
export type { Json } from './json.ts'
export { checkTransition, mayFollow, plainLifecycle, type Lifecycle } from './lifecycle.ts'
export { criticalPath, parallelGroups, topologicalOrder } from './ordering.ts'
export { Partition, type Incoming, type PartitionOptions } from './partition.ts'
export {
  systemClock,
  type Clock,
  type Log,
  type Snapshot,
  type Snapshots,
  type TaskQueue,
  type TaskToRun,
} from './ports.ts'
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
} from './reference.ts'
export { nodeId, open, type NodeState, type Status, type WorkflowState } from './state.ts'
export { viewOf } from './view.ts'
