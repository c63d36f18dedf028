/**
 * C6: what is known of iterations, and what the controller says of them. Plain JSON: a verdict is stored with the workflow
 * that it steered.
 */

/** One node in one iteration. */
export interface NodeRun {
  node: string
  failed: boolean
  /** How much what it gave differs from what was known of it before, 0 (nothing new) to 1. */
  news: number
  /** Milliseconds. */
  durationMs?: number
}

export interface Iteration {
  /** 0 to 1. */
  quality: number
  durationMs: number
  /** How widely the nodes looked: 1 is usual, each step is wider. */
  window: number
  /** Those that ran, also in vain. */
  nodes: readonly NodeRun[]
}

export interface Limits {
  /** Good enough. */
  quality: number
  maxIterations: number
  budgetMs: number
  /** A gain below this is none. */
  improvement: number
  /** Iterations in a row without a gain before it is given up. */
  patience: number
  /** Share of the runs in one iteration that may fail. */
  maxErrorRate: number
  /** The widest window that there is. */
  widest: number
  /** Failures in a row after which a node is not tried again. */
  maxRetries: number
}

export type Reason =
  'quality-reached' | 'error-rate' | 'iteration-limit' | 'time-budget' | 'no-improvement' | 'nothing-left' | 'continue'

export interface NodeWorth {
  node: string
  runs: number
  failures: number
  /** Share of the whole gain in quality that is put down to it, by its share of the news in each iteration. */
  worth: number
  /** Mean of the runs that say how long they took; null if none does. */
  meanMs: number | null
}

export interface IterationMetrics {
  iterations: number
  quality: number
  best: number
  /** Of the last iteration over the best before it; over nothing for the first. */
  gain: number
  /** Gain of all iterations a minute. */
  gainPerMinute: number
  elapsedMs: number
  /** Share of the runs in the last iteration that failed. */
  errorRate: number
  /** Iterations in a row, up to the last, that gained less than the limits' `improvement`. */
  withoutGain: number
  nodes: NodeWorth[]
}

export interface RetrySuggestion {
  node: string
  /** Failures in a row so far. */
  failures: number
  /** How long to leave it alone first. */
  afterMs: number
}

export interface Strategy {
  /** Nodes to run next; the others keep what they gave. Empty when it stops. */
  run: string[]
  leftOut: { node: string; because: string }[]
  window: number
  retries: RetrySuggestion[]
}

export interface IterationVerdict {
  stop: boolean
  reason: Reason
  metrics: IterationMetrics
  strategy: Strategy
  explanation: string
}
