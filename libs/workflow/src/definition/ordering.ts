/** What can be said of a graph's order without running it. */
import { Terminal } from '@pitcrew/errors'
import type { Graph, Node } from './definition.ts'

/**
 * Groups of nodes that may run side by side, in an order that respects `after` (Kahn 1962).
 * @throws Terminal UNKNOWN_NODE, CYCLE (with the path)
 */
export function parallelGroups(graph: Graph): string[][] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const node of graph.nodes) {
    for (const id of node.after) {
      if (!nodes.has(id))
        throw new Terminal('UNKNOWN_NODE', `node "${node.id}" runs after "${id}", which is not in its graph`)
    }
  }
  const groups: string[][] = []
  const done = new Set<string>()
  while (done.size < nodes.size) {
    const ready = graph.nodes.filter((node) => !done.has(node.id) && node.after.every((id) => done.has(id)))
    if (ready.length === 0)
      throw new Terminal('CYCLE', `nodes wait for each other: ${findCycle(nodes, done).join(' → ')}`)
    for (const node of ready) done.add(node.id)
    groups.push(ready.map((node) => node.id))
  }
  return groups
}

export function topologicalOrder(graph: Graph): string[] {
  return parallelGroups(graph).flat()
}

/** Among nodes that all wait for another such node, following `after` must come round. */
function findCycle(nodes: Map<string, Node>, done: Set<string>): string[] {
  const path: string[] = []
  let id = [...nodes.keys()].find((one) => !done.has(one)) as string
  while (!path.includes(id)) {
    path.push(id)
    id = (nodes.get(id) as Node).after.find((one) => !done.has(one)) as string
  }
  return [...path.slice(path.indexOf(id)), id].reverse()
}

/**
 * The chain of nodes that decides how long the graph takes.
 * @param durationMs of one node, measured or estimated
 */
export function criticalPath(
  graph: Graph,
  durationMs: (node: Node) => number,
): { nodes: string[]; durationMs: number } {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const best = new Map<string, { nodes: string[]; durationMs: number }>()
  let longest = { nodes: [] as string[], durationMs: 0 }
  for (const id of topologicalOrder(graph)) {
    const node = nodes.get(id) as Node
    let before = { nodes: [] as string[], durationMs: 0 }
    for (const other of node.after) {
      const candidate = best.get(other)
      if (candidate && candidate.durationMs >= before.durationMs) before = candidate
    }
    const path = { nodes: [...before.nodes, id], durationMs: before.durationMs + durationMs(node) }
    best.set(id, path)
    if (path.durationMs >= longest.durationMs) longest = path
  }
  return longest
}
