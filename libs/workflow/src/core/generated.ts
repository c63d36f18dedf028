/** F2: graphs made at run time, checked before they run with the same rules as a definition. */
import type { GeneratedNode, Graph } from '../definition/definition.ts'
import { allNodes } from '../definition/definition.ts'
import { parseGraph } from '../definition/parse.ts'
import { nothingReadable, withReadable, type Readable } from '../definition/reads.ts'
import { holderOf, nodeId, scopeOf, scopesFrom } from './path.ts'
import type { Generated } from './state.ts'
import type { Step } from './step.ts'

/** @throws Terminal BAD_GRAPH */
export function readGenerated(step: Step, path: string, node: GeneratedNode): Generated {
  const scope = scopeOf(path)
  const around = graphsAround(step, scope)
  const taken = new Set(step.program.nodes.keys())
  for (const { graph } of around) for (const { id } of allNodes(graph)) taken.add(id)
  return parseGraph(step.evaluate(node.graph, scope), {
    taken,
    readable: readableAt(step, path),
    depth: around.length + 1,
    priority: node.priority,
    ...(node.allow && { allow: node.allow }),
  })
}

/** The generated graphs that the scope lies in, inner first. */
function graphsAround({ state }: Step, scope: string): { path: string; graph: Graph }[] {
  const around = []
  for (const at of scopesFrom(scope)) {
    const path = holderOf(at)
    const held = state.nodes[path]
    if (held?.is === 'open' && held.generated) around.push({ path, graph: held.generated.graph })
  }
  return around
}

/** What the node may read: what has ended before it, in its own graph and in those around it. */
function readableAt(step: Step, path: string): Readable {
  const [inner] = graphsAround(step, scopeOf(path))
  const graph = inner?.graph ?? step.program.definition.graph
  const outer = inner ? readableAt(step, inner.path) : nothingReadable
  for (const { node, readable } of withReadable(graph, outer)) if (node.id === nodeId(path)) return readable
  return nothingReadable
}
