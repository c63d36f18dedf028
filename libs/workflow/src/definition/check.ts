/**
 * Refuses a definition that could not run: doubled ids, cycles, expressions that read what cannot have ended, phases that
 * may not follow each other. What passes can still fail by what its agents return, but not by its shape.
 */
import { Terminal } from '@pitcrew/errors'
import { allNodes, innerGraphs, type Definition, type Graph, type Node } from './definition.ts'
import { references } from './expression.ts'
import type { Json } from './json.ts'
import { checkTransition } from './lifecycle.ts'
import { parallelGroups, topologicalOrder } from './ordering.ts'

export function checkDefinition(definition: Definition): void {
  const seen = new Set<string>()
  for (const node of allNodes(definition.graph)) {
    if (!/^[a-z][a-z0-9-]*$/.test(node.id)) {
      throw new Terminal('BAD_NODE_ID', `"${node.id}": expected lower-case letters, digits and hyphens`)
    }
    if (seen.has(node.id))
      throw new Terminal('DOUBLED_NODE', `two nodes are called "${node.id}"; ids are unique in a definition`)
    seen.add(node.id)
    if (node.kind === 'task' && node.retry.attempts < 1) {
      throw new Terminal('BAD_RETRY', `node "${node.id}" has ${node.retry.attempts} attempts, expected at least 1`)
    }
    if (node.kind === 'loop' && node.max < 1) {
      throw new Terminal('BAD_LOOP', `loop "${node.id}" has at most ${node.max} iterations, expected at least 1`)
    }
  }
  checkReads(definition.graph, new Set(), new Set())
  const { initial, completed } = definition.lifecycle
  for (const phase of checkPhases(definition, definition.graph, initial))
    checkTransition(definition.lifecycle, phase, completed)
}

/** What a node reads must have ended before it: an ancestor in its own graph, or one of a graph around it. */
function checkReads(graph: Graph, outer: Set<string>, loops: Set<string>): void {
  const ended = new Map<string, Set<string>>()
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  for (const id of parallelGroups(graph).flat()) {
    const node = nodes.get(id) as Node
    const before = new Set(outer)
    for (const other of node.after) {
      before.add(other)
      for (const one of ended.get(other) ?? []) before.add(one)
    }
    ended.set(id, before)
    for (const { expression, inside, own } of expressions(node)) {
      const found = { nodes: new Set<string>(), loops: new Set<string>() }
      references(expression, found)
      const known = new Set([...before, ...(inside?.nodes ?? []).map((one) => one.id), ...(own ? [id] : [])])
      for (const read of found.nodes) {
        if (!known.has(read))
          throw new Terminal('UNREACHABLE_READ', `node "${id}" reads "${read}", which cannot have ended by then`)
      }
      for (const loop of found.loops) {
        if (!loops.has(loop) && loop !== id)
          throw new Terminal('UNREACHABLE_READ', `node "${id}" reads loop "${loop}" from outside of it`)
      }
    }
    const within = node.kind === 'loop' ? new Set([...loops, node.id]) : loops
    for (const inner of innerGraphs(node)) checkReads(inner, before, within)
  }
}

/** `inside`: evaluated when that inner graph has ended. `own`: evaluated when the node itself has. */
interface Read {
  expression: Json
  inside?: Graph
  own?: boolean
}

function expressions(node: Node): Read[] {
  const own: Read[] = node.when === undefined ? [] : [{ expression: node.when }]
  if (node.set) own.push({ expression: node.set, own: true })
  switch (node.kind) {
    case 'task':
      return [
        ...own,
        { expression: node.input },
        { expression: node.priority },
        ...(node.undo ? [{ expression: node.undo.input, own: true }] : []),
      ]
    case 'wait':
      return [...own, { expression: node.timeoutMs }]
    case 'branch':
      return [
        ...own,
        ...node.cases.flatMap((one) => [{ expression: one.when }, { expression: one.result, inside: one.graph }]),
      ]
    case 'loop':
      return [
        ...own,
        { expression: node.initial },
        ...[node.next, node.until].map((expression) => ({ expression, inside: node.graph })),
      ]
    case 'parallel':
      return [...own, ...node.branches.map((one) => ({ expression: one.result, inside: one.graph }))]
    case 'value':
      return [...own, { expression: node.value }]
    case 'end':
      return [...own, { expression: node.outcome }]
    case 'commit':
      return own
  }
}

/**
 * Follows every way through the definition as far as phases go. Gives the phases that the graph may be left in; `null` stands
 * for a way that ends the workflow.
 */
function checkPhases(definition: Definition, graph: Graph, entered: string): Set<string> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  let current = new Set([entered])
  for (const id of topologicalOrder(graph)) {
    const node = nodes.get(id) as Node
    const left = new Set<string>(node.when === undefined ? [] : current)
    for (const phase of current) for (const one of phasesThrough(definition, node, phase)) left.add(one)
    current = left
  }
  return current
}

function phasesThrough(definition: Definition, node: Node, before: string): Set<string> {
  const at = node.phase ?? before
  checkStep(definition, node, before, at)
  switch (node.kind) {
    case 'end':
      checkStep(definition, node, at, definition.lifecycle.completed)
      return new Set()
    case 'branch':
      return union([new Set([at]), ...node.cases.map((one) => checkPhases(definition, one.graph, at))])
    case 'parallel':
      return union(node.branches.map((one) => checkPhases(definition, one.graph, at)))
    case 'loop': {
      const once = checkPhases(definition, node.graph, at)
      return union([once, ...[...once].map((phase) => checkPhases(definition, node.graph, phase))])
    }
    case 'task':
    case 'wait':
    case 'value':
    case 'commit':
      return new Set([at])
  }
}

function checkStep(definition: Definition, node: Node, from: string, to: string): void {
  try {
    checkTransition(definition.lifecycle, from, to)
  } catch (error) {
    throw new Terminal('ILLEGAL_TRANSITION', `node "${node.id}": ${(error as Error).message}`, { cause: error })
  }
}

function union<T>(sets: Set<T>[]): Set<T> {
  return new Set(sets.flatMap((set) => [...set]))
}
