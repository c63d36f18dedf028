/**
 * All that a running workflow is. Plain JSON, so that it can be written to a snapshot as it stands, and small: a parked
 * workflow holds its input, the outputs that can still be read, and one entry per node of its open scopes.
 *
 * A path names one run of one node: `engage[2]/notify` is node `notify` in the second iteration of loop `engage`.
 */
import type { WireFailure } from '@pitcrew/errors'
import type { Json } from '../definition/json.ts'

export type Status = 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'

export type NodeState =
  /** At an agent. `first` is the attempt that this run of the node began with; `due` when it is overdue, Unix ms. */
  | { is: 'running'; attempt: number; first: number; due: number }
  /** `attempt` comes next, at `due`. */
  | { is: 'backoff'; attempt: number; first: number; due: number; failure: WireFailure }
  | { is: 'waiting'; due: number | null }
  /**
   * A loop, branch or parallel whose graph runs. `index` counts its runs (iterations of a loop), on from where an earlier
   * run left off; `first` is where this one of a loop began, `choice` the case of a branch.
   */
  | { is: 'open'; index: number; first?: number; choice?: number; carry?: Json }
  | { is: 'ended'; attempt?: number }
  | { is: 'skipped' }
  | { is: 'failed'; attempt: number; failure: WireFailure }
  /** Given up by a failure or a reset; its later attempts go on counting from here, so that old results are recognised. */
  | { is: 'abandoned'; attempt: number }

export interface Undo {
  path: string
  capability: string
  input: Json
  timeoutMs: number
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
  /** Search attributes, set by nodes. */
  attributes: { [name: string]: Json }
  nodes: { [path: string]: NodeState }
  /** Outputs of ended nodes. */
  values: { [path: string]: Json }
  /** What can be undone, oldest first. */
  undo: Undo[]
  /** Set while things are undone: how it ends after that. */
  undoing?: { status: 'completed' | 'failed' | 'cancelled'; outcome: string; undone: string[] }
  /** Signals that nobody waited for yet, oldest first. */
  inbox: { signal: string; payload: Json }[]
  /** Ids of the last signals, to recognise a redelivery. */
  seen: string[]
  outcome?: string
  failure?: WireFailure & { node: string }
  /** W3C traceparent of what started it. */
  trace?: string
}

export const open = (state: WorkflowState): boolean =>
  state.status === 'running' || state.status === 'paused' || state.status === 'pending'

/** How often the node was begun so far. */
export function attemptOf(node: NodeState | undefined): number {
  if (node === undefined) return 0
  if (node.is === 'open') return node.index
  return 'attempt' in node ? (node.attempt ?? 0) : 0
}

/** Of the node that the path names. */
export function nodeId(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The scope that the path lies in: '' or a prefix that ends in '/'. */
export function scopeOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}

/** The path of the node that holds the scope: `a[1]/b[2]/` and `a[1]/b[2].left/` are held by `a[1]/b`. */
export function holderOf(scope: string): string {
  return scope.slice(0, scope.lastIndexOf('['))
}
