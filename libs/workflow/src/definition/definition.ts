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
  /** What undoes it if the workflow fails or is cancelled later. */
  undo?: { capability: string; input: Json; timeoutMs: number }
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
}

export type Node = TaskNode | WaitNode | BranchNode | LoopNode | ParallelNode | ValueNode | CommitNode | EndNode

/** The graphs that a node holds. */
export function innerGraphs(node: Node): Graph[] {
  switch (node.kind) {
    case 'branch':
      return node.cases.map((one) => one.graph)
    case 'loop':
      return [node.graph]
    case 'parallel':
      return node.branches.map((one) => one.graph)
    case 'task':
    case 'wait':
    case 'value':
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
