import type { Definition, Graph } from '../definition/definition.ts'
import { topologicalOrder } from '../definition/ordering.ts'
import { captionedGraphs } from './node-text.ts'

/** The phase that each node is in when it runs, by node id: its own, or that of what comes before or around it. */
export function phasesOf({ lifecycle, graph }: Definition): Map<string, string> {
  const phases = new Map<string, string>()
  follow(graph, lifecycle.initial, phases)
  return phases
}

/** Gives the phase that the graph is left in. */
function follow(graph: Graph, entered: string, phases: Map<string, string>): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const left = new Map<string, string>()
  let last = entered
  for (const id of topologicalOrder(graph)) {
    const node = nodes.get(id)
    if (!node) continue
    const own = node.phase ?? left.get(node.after[0] ?? '') ?? entered
    phases.set(id, own)
    last = own
    for (const inner of captionedGraphs(node)) last = follow(inner.graph, own, phases)
    left.set(id, last)
  }
  return last
}
