export { Flow, defaultRetry } from './definition/builder.ts'
export { RootFlow, defineWorkflow, type QueryName, type UpdateName } from './definition/define.ts'
export type {
  Approval,
  ApprovalOptions,
  Callable,
  ChildOptions,
  Collected,
  Duration,
  GeneratedGraph,
  GeneratedOptions,
  MapOptions,
  NodeOptions,
  TaskOptions,
  UpdateOptions,
  WaitOptions,
  Workflow,
} from './definition/options.ts'
export { parseGraph } from './definition/parse.ts'
export { checkDefinition } from './definition/check.ts'
export { Definitions, compile, countNodes, type Program } from './core/compile.ts'
export { admit, apply, born, decide, type Admission } from './core/decide.ts'
export {
  allNodes,
  type ApprovalNode,
  type CheckpointNode,
  type ChildNode,
  type Definition,
  type GeneratedNode,
  type Graph,
  type MapNode,
  type Node,
  type NodeKind,
  type Retry,
  type TaskNode,
  type Update,
  type WaitNode,
} from './definition/definition.ts'
export type { ChildOutcome, Command, EventType, Incoming, WorkflowEvent } from './core/event.ts'
export { evaluate, type Environment } from './definition/expression.ts'
export { decodeFrame, encodeFrame, type Entry, type View } from './runner/frame.ts'
export type { Json } from './definition/json.ts'
export { checkTransition, mayFollow, plainLifecycle, type Lifecycle } from './definition/lifecycle.ts'
export { criticalPath, parallelGroups, topologicalOrder } from './definition/ordering.ts'
export { Admissions, type AdmissionsOptions } from './runner/admissions.ts'
export type { Ending } from './runner/ended.ts'
export { LocalTasks, type LocalAgent, type LocalTask, type LocalTasksOptions } from './runner/local-tasks.ts'
export { Partition, type PartitionOptions } from './runner/partition.ts'
export {
  systemClock,
  type Clock,
  type Log,
  type Peers,
  type Snapshot,
  type SavedSnapshot,
  type SnapshotWriter,
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
  gt,
  item,
  le,
  length,
  literal,
  lookup,
  lt,
  ne,
  not,
  now,
  oneOf,
  or,
  when,
  type Expr,
  type In,
  type Ref,
} from './definition/reference.ts'
export { planMigration, type MigratedNode } from './core/migrate.ts'
export { nodeId } from './core/path.ts'
export { pendingCommands } from './core/pending.ts'
export { checkpoints } from './core/reset.ts'
export {
  open,
  over,
  type NodeState,
  type Parent,
  type Progress,
  type Status,
  type Undone,
  type WorkflowState,
} from './core/state.ts'
export { answerOf, query } from './core/update.ts'
export { viewOf } from './runner/view.ts'
export * from './decision/index.ts'
export * from './iteration/index.ts'
export * from './estimate/index.ts'
export * from './drawing/index.ts'
