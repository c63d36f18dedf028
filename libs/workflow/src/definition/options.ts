/** What the builder's nodes take and give. */
import type { Definition, Retry } from './definition.ts'
import type { Json } from './json.ts'
import { isExpression, type Expr, type In, type Ref } from './reference.ts'

/** What an agent can do, as far as a definition needs to know. */
export interface Callable<I, O> {
  name: string
  /** One attempt, milliseconds. */
  timeoutMs: number
  request: { toJSON(message: I): unknown }
  response: { fromJSON(json: never): O }
}

declare const takes: unique symbol
declare const gives: unique symbol

/** A definition that knows what it takes and gives, so that a parent can only use it rightly. */
export type Workflow<I, O> = Definition & { readonly [takes]?: (input: I) => void; readonly [gives]?: O }

export interface NodeOptions {
  phase?: string
  /** Skips the node, which then gives null, unless this holds. */
  when?: Expr<boolean>
  /** Ids of nodes in the same graph that come before; by default the one added last. */
  after?: readonly string[]
}

export interface TaskOptions<I, O> extends NodeOptions {
  input: In<I>
  /** Search attributes to set from the output. */
  set?: (output: Ref<O>) => Record<string, unknown>
  retry?: Retry
  overdueMs?: number
  /** A result for which it does not hold counts as a failed attempt. */
  expect?: (output: Ref<O>) => Expr<boolean>
  undo?: (output: Ref<O>) => UndoOptions
  /** Failure codes that give null instead of failing the workflow. */
  tolerates?: 'anything' | readonly string[]
}

export interface UndoOptions {
  capability: { name: string; timeoutMs: number }
  input: unknown
  /** By default five attempts, 2, 4, 8 and 60 seconds apart. */
  retry?: Retry
  overdueMs?: number
}

export interface WaitOptions<S extends string> extends NodeOptions {
  signals: readonly S[]
  /** Signals that end the wait as well, but only if they come during it. */
  interrupts?: readonly S[]
  timeoutMs: In<number> | null
  reason: string
  newTrace?: boolean
}

/** Milliseconds, or parts that are added up. */
export type Duration = number | Expr<number> | { days?: number; hours?: number; minutes?: number; seconds?: number }

export interface ApprovalOptions extends NodeOptions {
  reason: In<string>
  /** The role that may decide. */
  approvers: string
  timeoutMs: In<number> | null
  onTimeout: 'reject' | 'approve' | 'fail'
}

export interface Approval {
  approved: boolean
  by: string
  comment: string
  /** Unix milliseconds. */
  at: number
  timedOut: boolean
}

export interface MapOptions<T> extends NodeOptions {
  over: Expr<readonly T[]>
  /** Elements under way at a time, 1 to 1,000. */
  concurrency: number
}

/** The outcome of one element of a map that collects: one of the two. */
export interface Collected<R> {
  ok?: R
  failure?: { kind: string; code: string; message: string; hint?: string }
}

export interface ChildOptions<I> extends NodeOptions {
  input: In<I>
  attributes?: Record<string, unknown>
  /** By default it is cancelled with its parent. */
  onParentClose?: 'cancel' | 'abandon'
}

/** A graph made at run time; parse.ts says what it looks like. */
export interface GeneratedGraph {
  nodes: readonly { [field: string]: Json }[]
  result?: Json
}

export interface GeneratedOptions extends NodeOptions {
  graph: Expr<GeneratedGraph | null>
  /** The only capabilities that it may ask for; any if absent. */
  allow?: readonly { name: string }[]
}

export interface UpdateOptions<P, R> {
  /** Refused unless it holds. */
  when?: (payload: Ref<P>) => Expr<boolean>
  /** Search attributes. */
  set: (payload: Ref<P>) => Record<string, unknown>
  /** The answer, evaluated after `set`. */
  result: (payload: Ref<P>) => In<R>
}

export function milliseconds(duration: Duration): number | Expr<number> {
  if (typeof duration === 'number' || isExpression(duration)) return duration
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = duration
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}
