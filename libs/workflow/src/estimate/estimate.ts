/** F3, C3: how far a workflow is, what is left of it, and what decides how long it takes. */
import type { Program } from '../core/compile.ts'
import { allNodes, type Definition } from '../definition/definition.ts'
import { doneOf } from './progress.ts'
import type { Durations } from './measured.ts'
import { remainingOf, type Remaining } from './remaining.ts'
import { Running, type Progressing } from './running.ts'
import { Weights, type Span } from './weights.ts'

export interface Estimate {
  /** 0 to 100; 100 only for what is completed. */
  percent: number
  /** Null while no duration is known. */
  left: Span | null
  /** Node ids of the chain that decides when it will be over. */
  path: string[]
}

/**
 * @param begun when nodes began, by path, Unix milliseconds, where that is known; tasks do without
 */
export function estimateProgress(
  program: Program,
  state: Progressing,
  durations: Durations,
  now: number,
  begun: Readonly<Record<string, number>> = {},
): Estimate {
  const over = { p50Ms: 0, p90Ms: 0 }
  if (state.status === 'completed') return { percent: 100, left: over, path: [] }
  const { graph } = program.definition
  const weights = new Weights(durations)
  const running = new Running(state, now, begun)
  const percent = Math.min(99, Math.floor(100 * doneOf(graph, '', running, weights)))
  if (state.status === 'cancelled' || state.status === 'failed') return { percent, left: over, path: [] }
  const { p50Ms, p90Ms, nodes } = remainingOf(graph, '', weights, running)
  return { percent, left: weights.known ? { p50Ms, p90Ms } : null, path: nodes }
}

export interface Cost extends Remaining {
  /** Share of the nodes for which durations are known, 0 to 1. */
  measured: number
}

/** What a workflow of this definition takes from beginning to end. Without durations, times are counts of nodes. */
export function costOf(definition: Definition, durations: Durations): Cost {
  const nodes = [...allNodes(definition.graph)]
  const weights = new Weights(durations)
  const known = nodes.filter((node) => weights.measured(node) !== undefined).length
  return { ...remainingOf(definition.graph, '', weights), measured: nodes.length > 0 ? known / nodes.length : 1 }
}
