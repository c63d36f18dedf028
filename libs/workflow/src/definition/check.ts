/**
 * Refuses a definition that could not run: doubled ids, cycles, nodes that cannot be reached, expressions that are none or
 * that read what cannot have ended, phases that may not follow each other. What passes can still fail by what its agents
 * return, but not by its shape.
 */
import { Terminal } from '@pitcrew/errors'
import { allNodes, type Definition, type Graph, type Node, type Retry } from './definition.ts'
import { checkExpression } from './expression-shape.ts'
import type { Json } from './json.ts'
import { checkPhases } from './phases.ts'
import { checkReachable } from './reach.ts'
import { checkRead, checkReads, expressionsOf, nothingReadable, type Readable } from './reads.ts'

const mostAtATime = 1_000

/** @throws Terminal with the place and what was expected */
export function checkDefinition(definition: Definition): void {
  const { graph, result = null, updates = {}, queries = {} } = definition
  checkGraph(graph, new Set(), nothingReadable)
  const outermost: Readable = { nodes: new Set(graph.nodes.map(({ id }) => id)), loops: new Set() }
  const check = (place: string, expression: Json): void => {
    checkExpression(expression, place)
    checkRead(place, expression, outermost)
  }
  check('the result', result)
  for (const name in queries) check(`query "${name}"`, queries[name] as Json)
  for (const name in updates) {
    const { when = null, set, result: answer } = updates[name] as NonNullable<(typeof updates)[string]>
    for (const expression of [when, set, answer]) check(`update "${name}"`, expression)
  }
  checkPhases(definition)
}

/**
 * All but phases.
 * @param taken ids that are in use around the graph
 * @param readable what its nodes may read besides each other
 */
export function checkGraph(graph: Graph, taken: ReadonlySet<string>, readable: Readable): void {
  const seen = new Set(taken)
  for (const node of allNodes(graph)) {
    checkId(node.id)
    if (seen.has(node.id))
      throw new Terminal('DOUBLED_NODE', `two nodes are called "${node.id}"; ids are unique in a definition`)
    seen.add(node.id)
    checkNode(node)
    for (const { expression } of expressionsOf(node)) checkExpression(expression, `node "${node.id}"`)
  }
  checkReads(graph, readable)
  checkReachable(graph)
}

function checkId(id: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(id) || id.length > 100 || id in {}) {
    throw new Terminal('BAD_NODE_ID', `"${id}": expected up to 100 lower-case letters, digits and hyphens`)
  }
}

function checkNode(node: Node): void {
  switch (node.kind) {
    case 'task':
      checkRetry(node.id, node.retry)
      if (node.undo?.retry) checkRetry(node.id, node.undo.retry)
      return
    case 'loop':
      if (node.max >= 1) return
      throw new Terminal('BAD_LOOP', `loop "${node.id}" has at most ${node.max} iterations, expected at least 1`)
    case 'map':
      if (Number.isInteger(node.concurrency) && node.concurrency >= 1 && node.concurrency <= mostAtATime) return
      throw new Terminal(
        'BAD_MAP',
        `map "${node.id}" runs ${node.concurrency} elements at a time, expected 1 to ${mostAtATime}`,
      )
    case 'parallel':
      for (const { name } of node.branches) {
        if (!/^[A-Za-z0-9_-]+$/.test(name))
          throw new Terminal('BAD_NODE_ID', `branch "${name}" of "${node.id}": expected letters, digits, - and _`)
      }
      if (new Set(node.branches.map(({ name }) => name)).size === node.branches.length) return
      throw new Terminal('DOUBLED_NODE', `two branches of "${node.id}" have the same name`)
    case 'wait':
    case 'approval':
    case 'branch':
    case 'child':
    case 'generated':
    case 'value':
    case 'checkpoint':
    case 'commit':
    case 'end':
  }
}

function checkRetry(id: string, { attempts }: Retry): void {
  if (attempts >= 1) return
  throw new Terminal('BAD_RETRY', `node "${id}" has ${attempts} attempts, expected at least 1`)
}
