/** F3: how much of a workflow is done, by the work that its nodes mean. */
import type { Opened } from '../core/environment.ts'
import type { Graph, Node } from '../definition/definition.ts'
import type { Running } from './running.ts'
import type { Weights } from './weights.ts'

/** Nothing that still runs counts as done, however long it has run. */
const almost = 0.95

/** 0 to 1. Never goes back while a workflow goes on; a retry, a reset or a further iteration of a loop adds work. */
export function doneOf(graph: Graph, scope: string, running: Running, weights: Weights): number {
  if (graph.nodes.length === 0) return 1
  const works = graph.nodes.map((node) => weights.work(node))
  const total = works.reduce((sum, work) => sum + work, 0)
  let done = 0
  for (const [i, node] of graph.nodes.entries()) {
    const share = total > 0 ? (works[i] as number) / total : 1 / graph.nodes.length
    done += share * nodeDone(node, scope + node.id, running, weights)
  }
  return done
}

function nodeDone(node: Node, path: string, running: Running, weights: Weights): number {
  const held = running.at(path)
  switch (held?.is) {
    case 'ended':
    case 'skipped':
      return 1
    case 'running':
      return Math.min(almost, Math.max((held.progress?.percent ?? 0) / 100, byTime(node, path, running, weights)))
    case 'waiting':
    case 'child':
      return byTime(node, path, running, weights)
    case 'open':
      return Math.min(almost, opened(node, path, held, running, weights))
    case undefined:
    case 'backoff':
    case 'failed':
    case 'abandoned':
      return 0
  }
}

function byTime(node: Node, path: string, running: Running, weights: Weights): number {
  const expected = weights.measured(node)?.p50Ms
  const elapsed = running.elapsed(path, node)
  if (elapsed === undefined || expected === undefined) return 0
  return expected > 0 ? Math.min(almost, elapsed / expected) : almost
}

function opened(node: Node, path: string, held: Opened, running: Running, weights: Weights): number {
  const shares = running.scopes(path, node, held).map(({ scope, graph }) => ({
    work: weights.workOf(graph) || 1,
    done: doneOf(graph, scope, running, weights),
  }))
  if (held.each) {
    const { items, results, active } = held.each
    const inPart = shares.reduce((sum, { done }) => sum + done, 0)
    return items.length > 0 ? (results.length - active.length + inPart) / items.length : 1
  }
  const total = shares.reduce((sum, { work }) => sum + work, 0)
  const inside = total > 0 ? shares.reduce((sum, { work, done }) => sum + work * done, 0) / total : 0
  if (node.kind !== 'loop') return inside
  // Nobody knows how many iterations will come: each one is half of what is left, so a further one never sets it back.
  const iteration = held.index - (held.first ?? 1) + 1
  return 1 - 2 ** (1 - iteration) + 2 ** -iteration * inside
}
