/**
 * F3: how much time a workflow still takes: the critical path through what has not ended. Along a path the medians add up, and
 * the spreads between median and 90 % quantile add up like standard deviations of independent times (as PERT has it: Malcolm,
 * Roseboom, Clark and Fazar, "Application of a Technique for Research and Development Program Evaluation", 1959).
 */
import type { Opened } from '../core/environment.ts'
import type { Graph, Node } from '../definition/definition.ts'
import { innerGraphs } from '../definition/definition.ts'
import { criticalPath } from '../definition/ordering.ts'
import type { Running } from './running.ts'
import type { Span, Weights } from './weights.ts'

export interface Remaining extends Span {
  /** The nodes that decide how long it takes, also those inside of others. */
  nodes: string[]
}

const none: Remaining = { p50Ms: 0, p90Ms: 0, nodes: [] }

/** @param running undefined for a workflow that has not begun */
export function remainingOf(graph: Graph, scope: string, weights: Weights, running?: Running): Remaining {
  const left = new Map(graph.nodes.map((node) => [node.id, nodeRemaining(node, scope + node.id, weights, running)]))
  const along = (of: (span: Span) => number): Remaining => {
    const path = criticalPath(graph, ({ id }) => of(left.get(id) ?? none)).nodes
    return inSequence(path.map((id) => left.get(id) ?? none))
  }
  const [likely, slow] = [along(({ p50Ms }) => p50Ms), along(({ p90Ms }) => p90Ms)]
  return { ...likely, p90Ms: Math.max(likely.p90Ms, slow.p90Ms) }
}

function nodeRemaining(node: Node, path: string, weights: Weights, running?: Running): Remaining {
  const held = running?.at(path)
  switch (held?.is) {
    case 'ended':
    case 'skipped':
      return none
    case 'open':
      return open(node, path, held, weights, running as Running)
    case 'running':
    case 'waiting':
    case 'child': {
      const { p50Ms, p90Ms } = weights.leaf(node)
      const elapsed = running?.elapsed(path, node) ?? 0
      return { p50Ms: Math.max(0, p50Ms - elapsed), p90Ms: Math.max(0, p90Ms - elapsed), nodes: [node.id] }
    }
    case undefined:
    case 'backoff':
    case 'failed':
    case 'abandoned':
      return whole(node, weights)
  }
}

/** A node that has not begun. */
function whole(node: Node, weights: Weights): Remaining {
  const own = weights.measured(node)
  const inner = longest(innerGraphs(node).map((graph) => remainingOf(graph, '', weights)))
  const { p50Ms, p90Ms } = own ?? (inner === none ? weights.leaf(node) : inner)
  return { p50Ms, p90Ms, nodes: [node.id, ...inner.nodes] }
}

/** What is left inside, or of the time that such a node takes as a whole: of a loop, more iterations may come. */
function open(node: Node, path: string, held: Opened, weights: Weights, running: Running): Remaining {
  const begun = longest(
    running.scopes(path, node, held).map(({ scope, graph }) => remainingOf(graph, scope, weights, running)),
  )
  const inside = inSequence([begun, ...notBegun(node, held, weights)])
  const own = weights.measured(node)
  const elapsed = running.elapsed(path, node)
  const left = (ms: number | undefined) => (ms === undefined || elapsed === undefined ? 0 : ms - elapsed)
  return {
    p50Ms: Math.max(inside.p50Ms, left(own?.p50Ms)),
    p90Ms: Math.max(inside.p90Ms, left(own?.p90Ms)),
    nodes: [node.id, ...begun.nodes],
  }
}

/** The elements of a map that wait for their turn, as many at a time as may run side by side. */
function notBegun(node: Node, { each }: Opened, weights: Weights): Remaining[] {
  if (node.kind !== 'map' || !each) return []
  const rounds = Math.ceil((each.items.length - each.results.length) / node.concurrency)
  return Array.from({ length: rounds }, () => remainingOf(node.graph, '', weights))
}

function longest(all: readonly Remaining[]): Remaining {
  const likely = all.reduce((best, one) => (one.p50Ms > best.p50Ms || best === none ? one : best), none)
  return all.length === 0 ? none : { ...likely, p90Ms: Math.max(...all.map(({ p90Ms }) => p90Ms)) }
}

function inSequence(parts: readonly Remaining[]): Remaining {
  const p50Ms = parts.reduce((sum, part) => sum + part.p50Ms, 0)
  const spread = Math.sqrt(parts.reduce((sum, part) => sum + Math.max(0, part.p90Ms - part.p50Ms) ** 2, 0))
  return { p50Ms, p90Ms: p50Ms + spread, nodes: parts.flatMap(({ nodes }) => nodes) }
}
