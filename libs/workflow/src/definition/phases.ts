/** M1: follows every way through a definition as far as phases go. */
import { Terminal } from '@pitcrew/errors'
import type { Definition, Graph, Node } from './definition.ts'
import { checkTransition, type Lifecycle } from './lifecycle.ts'
import { topologicalOrder } from './ordering.ts'

/** @throws Terminal ILLEGAL_TRANSITION with the node that enters a phase which may not follow */
export function checkPhases({ lifecycle, graph }: Definition): void {
  for (const phase of phasesAfter(lifecycle, graph, lifecycle.initial))
    checkTransition(lifecycle, phase, lifecycle.completed)
}

/** The phases that the graph may be left in; none if every way ends the workflow. */
function phasesAfter(lifecycle: Lifecycle, graph: Graph, entered: string): Set<string> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  let current = new Set([entered])
  for (const id of topologicalOrder(graph)) {
    const node = nodes.get(id) as Node
    const left = new Set<string>(node.when === undefined ? [] : current)
    for (const phase of current) for (const one of phasesThrough(lifecycle, node, phase)) left.add(one)
    current = left
  }
  return current
}

function phasesThrough(lifecycle: Lifecycle, node: Node, before: string): Set<string> {
  const at = node.phase ?? before
  checkStep(lifecycle, node, before, at)
  switch (node.kind) {
    case 'end':
      checkStep(lifecycle, node, at, lifecycle.completed)
      return new Set()
    case 'branch':
      return union([new Set([at]), ...node.cases.map((one) => phasesAfter(lifecycle, one.graph, at))])
    case 'parallel':
      return union(node.branches.map((one) => phasesAfter(lifecycle, one.graph, at)))
    case 'loop':
    case 'map': {
      const once = phasesAfter(lifecycle, node.graph, at)
      const again = [...once].map((phase) => phasesAfter(lifecycle, node.graph, phase))
      return union([...(node.kind === 'map' ? [new Set([at])] : []), once, ...again])
    }
    case 'task':
    case 'wait':
    case 'approval':
    case 'child':
    case 'generated':
    case 'value':
    case 'checkpoint':
    case 'commit':
      return new Set([at])
  }
}

function checkStep(lifecycle: Lifecycle, node: Node, from: string, to: string): void {
  try {
    checkTransition(lifecycle, from, to)
  } catch (error) {
    throw new Terminal('ILLEGAL_TRANSITION', `node "${node.id}": ${(error as Error).message}`, { cause: error })
  }
}

function union<T>(sets: Set<T>[]): Set<T> {
  return new Set(sets.flatMap((set) => [...set]))
}
