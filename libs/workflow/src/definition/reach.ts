/** Nodes and cases that no run can come to, because the workflow has always ended by then. */
import { Terminal } from '@pitcrew/errors'
import { innerGraphs, type BranchNode, type Graph, type Node } from './definition.ts'
import { topologicalOrder } from './ordering.ts'

/** @throws Terminal UNREACHABLE_NODE with the way from the node that ends the workflow */
export function checkReachable(graph: Graph): void {
  const wayFromEnd = new Map<string, string[]>()
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const id of topologicalOrder(graph)) {
    const node = nodes.get(id) as Node
    for (const before of node.after) {
      const way = wayFromEnd.get(before)
      if (way) {
        throw new Terminal('UNREACHABLE_NODE', `node "${id}" cannot be reached: ${[...way, id].join(' → ')}`, {
          hint: `"${way[0]}" always ends the workflow; give it a condition, or take out what comes after it`,
        })
      }
    }
    if (alwaysEnds(node)) wayFromEnd.set(id, [id])
    if (node.kind === 'branch') checkCases(node)
    innerGraphs(node).forEach(checkReachable)
  }
}

function checkCases({ id, cases }: BranchNode): void {
  const certain = cases.findIndex(({ when }) => when === true)
  if (certain < 0 || certain === cases.length - 1) return
  const message = `case ${certain + 2} of branch "${id}" cannot be reached: case ${certain + 1} always holds`
  throw new Terminal('UNREACHABLE_NODE', message, { hint: 'put the case that always holds last' })
}

function alwaysEnds(node: Node): boolean {
  if (node.when !== undefined) return false
  switch (node.kind) {
    case 'end':
      return true
    case 'branch':
      return (
        node.cases.some(({ when }) => when === true) && node.cases.every(({ graph }) => graph.nodes.some(alwaysEnds))
      )
    case 'parallel':
      return node.branches.some(({ graph }) => graph.nodes.some(alwaysEnds))
    case 'loop':
      return node.graph.nodes.some(alwaysEnds)
    case 'task':
    case 'wait':
    case 'approval':
    case 'map':
    case 'child':
    case 'generated':
    case 'value':
    case 'checkpoint':
    case 'commit':
      return false
  }
}
