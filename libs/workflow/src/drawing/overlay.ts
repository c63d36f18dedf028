import { isUndo, nodeId } from '../core/path.ts'
import type { NodeState, WorkflowState } from '../core/state.ts'
import { innerGraphs, type Definition, type Graph, type Node } from '../definition/definition.ts'
import type { Json } from '../definition/json.ts'

/** How a node of a running workflow stands. One that was not reached yet has no standing. */
export type NodeStanding = 'ended' | 'active' | 'failed' | 'skipped'

/** By node id. */
export type Overlay = ReadonlyMap<string, NodeStanding>

/**
 * Where a workflow is. A node that runs several times at once stands as what asks most for attention: failed, then active.
 * What a scope that has closed held is forgotten, so inside of it nothing stands any more.
 */
export function overlayOf(state: Pick<WorkflowState, 'nodes'>): Overlay {
  const overlay = new Map<string, NodeStanding>()
  for (const [path, held] of Object.entries(state.nodes)) {
    if (isUndo(path)) continue
    const standing = standingOf(held)
    const id = nodeId(path)
    const before = overlay.get(id)
    if (standing && (before === undefined || rank[standing] > rank[before])) overlay.set(id, standing)
  }
  return overlay
}

const rank: Readonly<Record<NodeStanding, number>> = { skipped: 0, ended: 1, active: 2, failed: 3 }

function standingOf(held: NodeState): NodeStanding | undefined {
  switch (held.is) {
    case 'ended':
    case 'skipped':
    case 'failed':
      return held.is
    case 'running':
    case 'backoff':
    case 'waiting':
    case 'child':
    case 'open':
      return 'active'
    case 'abandoned':
      return undefined
  }
}

/** The definition with the graphs that were made at run time in the place of the expressions that gave them, to be drawn. */
export function withGenerated(definition: Definition, state: Pick<WorkflowState, 'nodes'>): Definition {
  const made = new Map<string, Graph>()
  for (const [path, held] of Object.entries(state.nodes)) {
    if (held.is === 'open' && held.generated) made.set(nodeId(path), held.generated.graph)
  }
  if (made.size === 0) return definition
  const whole = structuredClone(definition)
  fill(whole.graph, made)
  return whole
}

function fill({ nodes }: Graph, made: ReadonlyMap<string, Graph>): void {
  for (const node of nodes) {
    const graph = made.get(node.id)
    if (node.kind === 'generated' && graph) {
      node.graph = structuredClone(graph) as unknown as Json
      fill(graphOf(node) ?? { nodes: [] }, made)
    }
    for (const inner of innerGraphs(node)) fill(inner, made)
  }
}

/** The graph of a generated node, where it stands in the definition itself. */
export function graphOf({ graph }: Extract<Node, { kind: 'generated' }>): Graph | undefined {
  const there = graph !== null && typeof graph === 'object' && !Array.isArray(graph) && Array.isArray(graph.nodes)
  return there ? (graph as unknown as Graph) : undefined
}
