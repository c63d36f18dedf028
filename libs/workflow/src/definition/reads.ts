/** What a node reads must have ended before it: an ancestor in its own graph, or one of a graph around it. */
import { Terminal } from '@pitcrew/errors'
import { innerGraphs, type Graph, type Node } from './definition.ts'
import { references } from './expression.ts'
import type { Json } from './json.ts'
import { topologicalOrder } from './ordering.ts'

/** What can be read at some place: nodes that have ended, loops and maps that are under way. */
export interface Readable {
  nodes: ReadonlySet<string>
  loops: ReadonlySet<string>
}

export const nothingReadable: Readable = { nodes: new Set(), loops: new Set() }

/** Visits every node, outer before inner and in an order that respects `after`, with what it can read. */
export function* withReadable(graph: Graph, outer: Readable): Generator<{ node: Node; readable: Readable }> {
  const ended = new Map<string, Set<string>>()
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const id of topologicalOrder(graph)) {
    const node = nodes.get(id) as Node
    const before = new Set(outer.nodes)
    for (const other of node.after) {
      before.add(other)
      for (const one of ended.get(other) ?? []) before.add(one)
    }
    ended.set(id, before)
    const readable = { nodes: before, loops: outer.loops }
    yield { node, readable }
    const repeats = node.kind === 'loop' || node.kind === 'map'
    const loops = repeats ? new Set([...outer.loops, node.id]) : outer.loops
    for (const inner of innerGraphs(node)) yield* withReadable(inner, { nodes: before, loops })
  }
}

export function checkReads(graph: Graph, outer: Readable): void {
  for (const { node, readable } of withReadable(graph, outer)) {
    for (const { expression, inside, own } of expressionsOf(node)) {
      const nodes = new Set([
        ...readable.nodes,
        ...(inside?.nodes ?? []).map((one) => one.id),
        ...(own ? [node.id] : []),
      ])
      const loops = inside ? new Set([...readable.loops, node.id]) : readable.loops
      checkRead(`node "${node.id}"`, expression, { nodes, loops })
    }
  }
}

export function checkRead(reader: string, expression: Json, { nodes, loops }: Readable): void {
  const found = { nodes: new Set<string>(), loops: new Set<string>() }
  references(expression, found)
  for (const read of found.nodes) {
    if (!nodes.has(read))
      throw new Terminal('UNREACHABLE_READ', `${reader} reads "${read}", which cannot have ended by then`)
  }
  for (const loop of found.loops) {
    if (!loops.has(loop))
      throw new Terminal('UNREACHABLE_READ', `${reader} reads "${loop}", which is no loop or map around it`)
  }
}

/** `inside`: evaluated when that inner graph has ended. `own`: evaluated when the node itself has. */
interface Read {
  expression: Json
  inside?: Graph
  own?: boolean
}

/** Every expression of a node, in the order in which they are evaluated. */
export function expressionsOf(node: Node): Read[] {
  const reads: Read[] = node.when === undefined ? [] : [{ expression: node.when }]
  reads.push(...expressionsOfKind(node))
  if (node.set) reads.push({ expression: node.set, own: true })
  return reads
}

function expressionsOfKind(node: Node): Read[] {
  switch (node.kind) {
    case 'task':
      return [
        { expression: node.input },
        { expression: node.priority },
        ...(node.expect === undefined ? [] : [{ expression: node.expect, own: true }]),
        ...(node.undo ? [{ expression: node.undo.input, own: true }] : []),
      ]
    case 'wait':
      return [{ expression: node.timeoutMs }, { expression: node.until ?? null }]
    case 'approval':
      return [{ expression: node.reason }, { expression: node.timeoutMs }]
    case 'branch':
      return node.cases.flatMap((one) => [{ expression: one.when }, { expression: one.result, inside: one.graph }])
    case 'loop':
      return [
        { expression: node.initial },
        ...[node.next, node.until].map((expression) => ({ expression, inside: node.graph })),
      ]
    case 'parallel':
      return node.branches.map((one) => ({ expression: one.result, inside: one.graph }))
    case 'map':
      return [{ expression: node.over }, { expression: node.result, inside: node.graph }]
    case 'child':
      return [{ expression: node.input }, { expression: node.attributes }]
    case 'generated':
      return [{ expression: node.graph }, { expression: node.priority }]
    case 'value':
      return [{ expression: node.value }]
    case 'end':
      return [{ expression: node.outcome }, { expression: node.result ?? null }]
    case 'checkpoint':
    case 'commit':
      return []
  }
}
