/**
 * All that a running workflow is. Plain JSON, so that it can be written to a snapshot as it stands, and small: a parked
 * workflow holds its input, the outputs that can still be read, and one entry per node of its open scopes.
 */
import type { WireFailure } from '@pitcrew/errors'
import type { Graph } from '../definition/definition.ts'
import type { Json } from '../definition/json.ts'

export type Status = 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
export type EndStatus = 'completed' | 'failed' | 'cancelled'

export type NodeState =
  /** At an agent. `first` is the attempt that this run of the node began with; `due` when it is overdue, Unix ms. */
  | { is: 'running'; attempt: number; first: number; due: number; progress?: Progress }
  /** `attempt` comes next, at `due`. */
  | { is: 'backoff'; attempt: number; first: number; due: number; failure: WireFailure }
  /** For a signal, a time or, if so marked, a person's decision. */
  | { is: 'waiting'; due: number | null; approval?: true }
  /** Another workflow runs. */
  | { is: 'child'; attempt: number; id: string }
  /**
   * Its graphs run. `index` counts its runs (iterations of a loop), on from where an earlier run left off; `first` is where
   * this one of a loop began, `choice` the case of a branch.
   */
  | { is: 'open'; index: number; first?: number; choice?: number; carry?: Json; each?: Each; generated?: Generated }
  /** `checkpoint`: people can set the workflow back to here; the phase that it was in. */
  | { is: 'ended'; attempt?: number; checkpoint?: string }
  | { is: 'skipped' }
  | { is: 'failed'; attempt: number; failure: WireFailure }
  /** Given up by a failure or a reset; its later attempts go on counting from here, so that old results are recognised. */
  | { is: 'abandoned'; attempt: number }

/** What an agent says of a task that it is doing. Percent from 0 to 100. */
export interface Progress {
  percent: number
  note?: string
}

/** A map under way. Elements are begun in order: `results` has a place for each that was, `active` are those not over yet. */
export interface Each {
  items: Json[]
  results: Json[]
  active: number[]
}

export interface Generated {
  graph: Graph
  result: Json
}

export interface Undo {
  path: string
  capability: string
  input: Json
  timeoutMs: number
  retry?: { attempts: number; backoffMs: number[] }
  overdueMs?: number
}

/** What became of an undo; `failure` if it was given up. */
export interface Undone {
  path: string
  attempts: number
  at: number
  failure?: WireFailure
}

/** While things are undone: how it goes on after that. */
export interface Undoing {
  /** 'running' or 'paused' when it was set back to a checkpoint. */
  status: EndStatus | 'running' | 'paused'
  outcome: string
  /** Paths of what is not done any more. */
  undone: string[]
  /** Of a reset: nodes to run anew, and how much of the undo stack stays. */
  reset?: { again: string[]; keep: number; phase: string }
}

export interface Parent {
  id: string
  path: string
}

/** A child that was given up but has not said yet that it has ended. */
export interface Orphan {
  id: string
  path: string
  definition: string
  version: number
}

export interface WorkflowState {
  id: string
  definition: string
  version: number
  status: Status
  phase: string
  /** The phase to which RETRY returns. */
  phaseBefore?: string
  /** Transitions so far. */
  revision: number
  startedAt: number
  endedAt?: number
  input: Json
  /** Search attributes, set by nodes and updates. */
  attributes: { [name: string]: Json }
  nodes: { [path: string]: NodeState }
  /** Outputs of ended nodes. */
  values: { [path: string]: Json }
  /** What can be undone, oldest first. */
  undo: Undo[]
  undoing?: Undoing
  /** What was undone so far, the last 100. */
  undone?: Undone[]
  /** Signals that nobody waited for yet, oldest first. */
  inbox: { signal: string; payload: Json }[]
  /** Ids of the last signals and decisions, to recognise a redelivery. */
  seen: string[]
  /** Of the last updates, for a redelivery. */
  answers?: { updateId: string; result: Json }[]
  /** How often people set it back, the last 16 times. */
  resets?: { to: string; reason: string; by: string; at: number }[]
  outcome?: string
  /** For parents and clients, once completed. */
  output?: Json
  failure?: WireFailure & { node: string }
  parent?: Parent
  /** It has ended and its parent has not acknowledged that. */
  untold?: true
  orphans?: Orphan[]
  /** W3C traceparent of what started it. */
  trace?: string
}

export const open = (state: WorkflowState): boolean =>
  state.status === 'running' || state.status === 'paused' || state.status === 'pending'

/** Whether nothing can come of it any more: the leader may forget all but its id. */
export const over = (state: WorkflowState): boolean =>
  (state.status === 'completed' || state.status === 'cancelled') &&
  state.untold === undefined &&
  state.orphans === undefined

/** How often the node was begun so far. */
export function attemptOf(node: NodeState | undefined): number {
  if (node === undefined) return 0
  if (node.is === 'open') return node.index
  return 'attempt' in node ? (node.attempt ?? 0) : 0
}

export { holderOf, nodeId, scopeOf } from './path.ts'
