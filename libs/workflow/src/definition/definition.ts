/**
 * A definition is data: a graph of nodes, some of which hold graphs. It can be checked, drawn, stored, compared and made at
 * run time. Node ids are unique in the whole definition.
 *
 * A node may run when every node in its `after` has ended (or was skipped); then `when` decides whether it is skipped.
 */
import type { Json } from './json.ts'
import type { Lifecycle } from './lifecycle.ts'

export interface Definition {
  name: string
  version: number
  lifecycle: Lifecycle
  graph: Graph
  /** Expression over the outermost nodes: what a parent and a client get when it completes. */
  result?: Json
  updates?: { [name: string]: Update }
  /** Expressions over the outermost nodes, of which some may not have run (null), for whoever asks while it runs. */
  queries?: { [name: string]: Json }
}

/** What people may change while it runs. Expressions over `$payload`, attributes and what has run so far. */
export interface Update {
  /** Refused unless it holds. */
  when?: Json
  /** Search attributes. */
  set: { [name: string]: Json }
  /** The answer, after `set`. */
  result: Json
}

export interface Graph {
  nodes: Node[]
}

interface NodeBase {
  id: string
  after: string[]
  /** Entered when the node becomes active. */
  phase?: string
  /** Search attributes of the workflow that this node sets when it ends, from its own output among others. */
  set?: { [name: string]: Json }
  /** Expression; the node is skipped unless it holds. */
  when?: Json
}

export interface Retry {
  /** Attempts in all. */
  attempts: number
  /** Milliseconds before attempt 2, 3, ...; the last one repeats. */
  backoffMs: number[]
}

export interface TaskNode extends NodeBase {
  kind: 'task'
  capability: string
  input: Json
  /** Expression for 1 (urgent) to 4 (routine). */
  priority: Json
  /** One attempt at the agent, milliseconds; the agent enforces it. */
  timeoutMs: number
  /** From dispatch, including the wait in the queue; then the attempt counts as failed. */
  overdueMs: number
  retry: Retry
  /** Expression over the output; a result for which it does not hold counts as a failed attempt (BAD_RESULT). */
  expect?: Json
  /** What undoes it if the workflow fails or is cancelled later. */
  undo?: { capability: string; input: Json; timeoutMs: number; retry?: Retry; overdueMs?: number }
  /** A final failure gives null instead of failing the workflow: with any code, or with one of these. */
  tolerates: 'nothing' | 'anything' | string[]
}

/** Waits for the first of several signals, or until a time. Output: { signal, payload }, signal null on timeout. */
export interface WaitNode extends NodeBase {
  kind: 'wait'
  signals: string[]
  /** Signals that end the wait as well, but only if they come during it; an earlier one is old news and dropped. */
  interrupts: string[]
  /** Expression, milliseconds; null waits for ever. */
  timeoutMs: Json
  /** Expression for a date, ISO 8601 or Unix milliseconds, that ends the wait as `timeoutMs` does; the earlier counts. */
  until?: Json
  /** Shown to people while it waits. */
  reason: string
  /** A long wait: what follows belongs to the trace of the signal, which links back to the one before. */
  newTrace: boolean
}

/** The first case whose `when` holds runs its graph. Output: the case's `result`. */
export interface BranchNode extends NodeBase {
  kind: 'branch'
  cases: { when: Json; graph: Graph; result: Json }[]
}

/** Runs its graph until `until` holds or `max` iterations were made. Output: what it carries in the end. */
export interface LoopNode extends NodeBase {
  kind: 'loop'
  initial: Json
  graph: Graph
  next: Json
  until: Json
  max: number
}

/** Runs its graphs side by side. Output: the result of each, by name. */
export interface ParallelNode extends NodeBase {
  kind: 'parallel'
  branches: { name: string; graph: Graph; result: Json }[]
}

/**
 * Runs its graph once for each element of a list, at most `concurrency` at a time. Output: the results in the list's order;
 * with 'collect' each is { ok } or { failure }, and an element that fails does not fail the workflow.
 */
export interface MapNode extends NodeBase {
  kind: 'map'
  over: Json
  concurrency: number
  onFailure: 'fail' | 'collect'
  graph: Graph
  result: Json
}

/** Waits for a person's decision. Output: { approved, by, comment, at, timedOut }. */
export interface ApprovalNode extends NodeBase {
  kind: 'approval'
  /** Expression; shown to whoever decides. */
  reason: Json
  /** The role that may decide; the outside checks it. */
  approvers: string
  /** Expression, milliseconds; null waits for ever. */
  timeoutMs: Json
  onTimeout: 'reject' | 'approve' | 'fail'
}

/** A place that people can set the workflow back to, for as long as its scope is open and nothing was committed since. */
export interface CheckpointNode extends NodeBase {
  kind: 'checkpoint'
  /** Shown to people. */
  name: string
}

/** Runs another workflow and waits for it. Output: its `result`. */
export interface ChildNode extends NodeBase {
  kind: 'child'
  definition: string
  version: number
  input: Json
  attributes: { [name: string]: Json }
  /** What becomes of the child when the workflow ends or gives the node up. */
  onParentClose: 'cancel' | 'abandon'
}

/** Runs a graph that an expression gives, { nodes, result }, once it has passed the checks. Output: its `result`. */
export interface GeneratedNode extends NodeBase {
  kind: 'generated'
  graph: Json
  /** For its tasks that name none. */
  priority: Json
  /** The capabilities that it may ask for; absent allows any. */
  allow?: string[]
}

/** Gives the value of an expression. */
export interface ValueNode extends NodeBase {
  kind: 'value'
  value: Json
}

/** Point of no return: what was done so far will not be undone any more. */
export interface CommitNode extends NodeBase {
  kind: 'commit'
}

/** Ends the workflow here, whatever else is under way. */
export interface EndNode extends NodeBase {
  kind: 'end'
  outcome: Json
  /** Undo what was done, newest first, before ending. */
  undo: boolean
  /** Expression for the workflow's result in place of the definition's. */
  result?: Json
}

export type Node =
  | TaskNode
  | WaitNode
  | ApprovalNode
  | BranchNode
  | LoopNode
  | ParallelNode
  | MapNode
  | ChildNode
  | GeneratedNode
  | ValueNode
  | CheckpointNode
  | CommitNode
  | EndNode

export type NodeKind = Node['kind']

/** The graphs that a node holds by its definition. */
export function innerGraphs(node: Node): Graph[] {
  switch (node.kind) {
    case 'branch':
      return node.cases.map((one) => one.graph)
    case 'loop':
    case 'map':
      return [node.graph]
    case 'parallel':
      return node.branches.map((one) => one.graph)
    case 'task':
    case 'wait':
    case 'approval':
    case 'child':
    case 'generated':
    case 'value':
    case 'checkpoint':
    case 'commit':
    case 'end':
      return []
  }
}

/** Every node, outer before inner. */
export function* allNodes(graph: Graph): Generator<Node> {
  for (const node of graph.nodes) {
    yield node
    for (const inner of innerGraphs(node)) yield* allNodes(inner)
  }
}
