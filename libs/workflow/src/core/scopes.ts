/**
 * Scopes: the graphs that a node holds while it runs. When one closes, its nodes and values are forgotten and only its result
 * stays, so that neither a long loop nor a long list makes the state grow by more than that.
 */
import { Terminal, type WireFailure } from '@pitcrew/errors'
import type { Graph, LoopNode, MapNode, Node, ParallelNode } from '../definition/definition.ts'
import { truthy } from '../definition/expression.ts'
import type { Json } from '../definition/json.ts'
import type { Opened } from './environment.ts'
import { holderOf, positionOf } from './path.ts'
import type { Step } from './step.ts'
import { complete, giveUp } from './undo.ts'

export interface Scope {
  scope: string
  graph: Graph
}

/** The scopes of an open node that have not closed. */
export function openScopes(path: string, node: Node, held: Opened): Scope[] {
  const run = `${path}[${held.index}]`
  switch (node.kind) {
    case 'loop':
      return [{ scope: `${run}/`, graph: node.graph }]
    case 'parallel':
      return node.branches.map(({ name, graph }) => ({ scope: `${run}.${name}/`, graph }))
    case 'map':
      return (held.each?.active ?? []).map((i) => ({ scope: `${run}.${i}/`, graph: node.graph }))
    case 'branch': {
      const graph = node.cases[held.choice ?? -1]?.graph
      return graph ? [{ scope: `${run}/`, graph }] : []
    }
    case 'generated':
      return held.generated ? [{ scope: `${run}/`, graph: held.generated.graph }] : []
    case 'task':
    case 'wait':
    case 'approval':
    case 'child':
    case 'value':
    case 'checkpoint':
    case 'commit':
    case 'end':
      return []
  }
}

export function isOpen(step: Step, scope: string): boolean {
  const holder = holderOf(scope)
  const held = step.state.nodes[holder]
  return held?.is === 'open' && openScopes(holder, step.node(holder).node, held).some((one) => one.scope === scope)
}

export function closeIfEnded(step: Step, scope: string, graph: Graph): void {
  if (!step.moving || !ended(step, scope, graph)) return
  if (scope === '') return complete(step, 'completed')
  const holder = holderOf(scope)
  const held = step.state.nodes[holder]
  if (held?.is !== 'open') return
  // Without a node to tell by, one that has closed looks as if it had just ended.
  if (graph.nodes.length === 0 && !isOpen(step, scope)) return
  step.guard(holder, () => close(step, holder, held, scope))
}

/** Looked at from the end, since that is where what has not ended usually is. */
function ended(step: Step, scope: string, { nodes }: Graph): boolean {
  for (let i = nodes.length - 1; i >= 0; i--) if (!step.over(scope + (nodes[i] as Node).id)) return false
  return true
}

function close(step: Step, holder: string, held: Opened, scope: string): void {
  const { node } = step.node(holder)
  switch (node.kind) {
    case 'branch': {
      const chosen = node.cases[held.choice ?? -1]
      const result = step.evaluate(chosen?.result ?? null, scope)
      if (chosen) forget(step, scope, chosen.graph)
      return step.settle(holder, result)
    }
    case 'generated': {
      const result = step.evaluate(held.generated?.result ?? null, scope)
      if (held.generated) forget(step, scope, held.generated.graph)
      return step.settle(holder, result)
    }
    case 'loop':
      return iterate(step, holder, node, held, scope)
    case 'map': {
      const result = step.evaluate(node.result, scope)
      forget(step, scope, node.graph)
      return endItem(step, holder, node, held, scope, node.onFailure === 'collect' ? { ok: result } : result)
    }
    case 'parallel':
      return join(step, holder, node, held)
    case 'task':
    case 'wait':
    case 'approval':
    case 'child':
    case 'value':
    case 'checkpoint':
    case 'commit':
    case 'end':
      throw new Terminal('INTERNAL', `node "${node.id}" holds no scope`)
  }
}

function iterate(step: Step, path: string, node: LoopNode, held: Opened, scope: string): void {
  const carry = step.evaluate(node.next, scope)
  const enough = truthy(step.evaluate(node.until, scope)) || held.index - (held.first ?? 1) + 1 >= node.max
  forget(step, scope, node.graph)
  if (enough) return step.settle(path, carry)
  const index = held.index + 1
  step.state.nodes[path] = { is: 'open', index, first: held.first, carry }
  step.open(`${path}[${index}]/`, node.graph)
}

function join(step: Step, path: string, node: ParallelNode, held: Opened): void {
  const scopes = openScopes(path, node, held)
  for (let i = scopes.length - 1; i >= 0; i--) {
    const { scope, graph } = scopes[i] as Scope
    if (!ended(step, scope, graph)) return
  }
  const output = Object.fromEntries(
    node.branches.map(({ name, result }, i) => [name, step.evaluate(result, (scopes[i] as Scope).scope)]),
  )
  for (const { scope, graph } of scopes) forget(step, scope, graph)
  step.settle(path, output)
}

/** Begins as many further elements of a map as may run; settles it when none is left. */
export function goOn(step: Step, path: string, node: Node): void {
  const held = step.state.nodes[path]
  if (node.kind !== 'map' || held?.is !== 'open' || !held.each) return
  const { items, results, active } = held.each
  while (step.moving && active.length < node.concurrency && results.length < items.length) {
    const i = results.push(null) - 1
    active.push(i)
    step.open(`${path}[${held.index}].${i}/`, node.graph)
  }
  if (step.moving && active.length === 0) step.settle(path, results)
}

function endItem(step: Step, path: string, node: MapNode, { each }: Opened, scope: string, result: Json): void {
  if (!each) return
  const i = positionOf(scope)
  each.results[i] = result
  each.active.splice(each.active.indexOf(i), 1)
  goOn(step, path, node)
}

/** An element failed in a map that collects failures: the rest of it is given up. */
export function collectFailure(step: Step, scope: string, failure: WireFailure): void {
  const path = holderOf(scope)
  const { node } = step.node(path)
  const held = step.state.nodes[path]
  if (node.kind !== 'map' || held?.is !== 'open') return
  giveUp(step, failure.message, (one) => one.startsWith(scope))
  forgetAll(step, scope)
  const { kind, code, message, hint } = failure
  const shown = { kind, code, message, ...(hint !== undefined && { hint }) }
  step.guard(path, () => endItem(step, path, node, held, scope, { failure: shown }))
}

/** A closed scope is only known by its result; its paths hold its run's number and do not come again (S3). */
function forget(step: Step, scope: string, graph: Graph): void {
  const { nodes, values } = step.state
  for (const node of graph.nodes) {
    const path = scope + node.id
    delete nodes[path]
    delete values[path]
  }
}

/** The same for one that has not closed, at any depth. */
export function forgetAll(step: Step, prefix: string): void {
  const { nodes, values } = step.state
  for (const path of Object.keys(nodes)) if (path.startsWith(prefix)) delete nodes[path]
  for (const path of Object.keys(values)) if (path.startsWith(prefix)) delete values[path]
}
