/** How a node of each kind begins. */
import { Terminal } from '@pitcrew/errors'
import type { ApprovalNode, BranchNode, MapNode, Node, WaitNode } from '../definition/definition.ts'
import { truthy } from '../definition/expression.ts'
import type { Json } from '../definition/json.ts'
import { startChild } from './child.ts'
import { readGenerated } from './generated.ts'
import { goOn, openScopes } from './scopes.ts'
import { attemptOf } from './state.ts'
import type { Step } from './step.ts'
import { complete, passCommit } from './undo.ts'

/** @throws what goes wrong with its expressions; the caller fails the node with it */
export function begin(step: Step, path: string, node: Node, scope: string): void {
  const { state } = step
  const run = attemptOf(state.nodes[path]) + 1
  switch (node.kind) {
    case 'task':
      return step.dispatch(path, node, run, run)
    case 'wait':
      return wait(step, path, node, scope)
    case 'approval':
      return ask(step, path, node, scope)
    case 'child':
      return startChild(step, path, node, run)
    case 'value':
      return step.settle(path, step.evaluate(node.value, scope))
    case 'checkpoint':
      step.settle(path, null)
      state.nodes[path] = { is: 'ended', checkpoint: state.phase }
      return
    case 'commit':
      passCommit(step)
      return step.settle(path, null)
    case 'end':
      return complete(step, String(step.evaluate(node.outcome, scope)), {
        path,
        undo: node.undo,
        output: node.result === undefined ? undefined : step.evaluate(node.result, scope),
      })
    case 'branch':
      return choose(step, path, node, scope, run)
    case 'map':
      return beginMap(step, path, node, scope, run)
    case 'loop':
      state.nodes[path] = { is: 'open', index: run, first: run, carry: step.evaluate(node.initial, scope) }
      return openAll(step, path, node)
    case 'parallel':
      state.nodes[path] = { is: 'open', index: run }
      if (node.branches.length === 0) return step.settle(path, {})
      return openAll(step, path, node)
    case 'generated':
      state.nodes[path] = { is: 'open', index: run, generated: readGenerated(step, path, node) }
      return openAll(step, path, node)
  }
}

function openAll(step: Step, path: string, node: Node): void {
  const held = step.state.nodes[path]
  if (held?.is !== 'open') return
  for (const { scope, graph } of openScopes(path, node, held)) step.open(scope, graph)
}

function choose(step: Step, path: string, node: BranchNode, scope: string, run: number): void {
  const choice = node.cases.findIndex((one) => truthy(step.evaluate(one.when, scope)))
  if (choice < 0) return step.settle(path, null)
  step.state.nodes[path] = { is: 'open', index: run, choice }
  openAll(step, path, node)
}

function beginMap(step: Step, path: string, node: MapNode, scope: string, run: number): void {
  const items = step.evaluate(node.over, scope) ?? []
  if (!Array.isArray(items)) {
    throw new Terminal(
      'BAD_EXPRESSION',
      `map "${node.id}" runs over a list, found ${JSON.stringify(items).slice(0, 100)}`,
    )
  }
  step.state.nodes[path] = { is: 'open', index: run, each: { items, results: [], active: [] } }
  goOn(step, path, node)
}

function wait(step: Step, path: string, node: WaitNode, scope: string): void {
  const { state } = step
  if (state.inbox.length > 0) {
    state.inbox = state.inbox.filter(({ signal }) => !node.interrupts.includes(signal))
    const buffered = state.inbox.findIndex(({ signal }) => node.signals.includes(signal))
    const [taken] = buffered < 0 ? [] : state.inbox.splice(buffered, 1)
    if (taken) return step.settle(path, { signal: taken.signal, payload: taken.payload })
  }
  const timeout = step.evaluate(node.timeoutMs, scope)
  const until = node.until === undefined ? null : dateOf(step.evaluate(node.until, scope), node)
  const after = typeof timeout === 'number' ? step.now + Math.max(0, timeout) : null
  park(step, path, after === null ? until : Math.min(after, until ?? after))
}

function ask(step: Step, path: string, node: ApprovalNode, scope: string): void {
  step.evaluate(node.reason, scope)
  const timeout = step.evaluate(node.timeoutMs, scope)
  park(step, path, typeof timeout === 'number' ? step.now + Math.max(0, timeout) : null, true)
}

function park(step: Step, path: string, due: number | null, approval = false): void {
  step.state.nodes[path] = approval ? { is: 'waiting', due, approval } : { is: 'waiting', due }
  if (due !== null) step.commands.push({ type: 'wake-at', path, due })
}

/** ISO 8601 or Unix milliseconds; null waits for ever. */
function dateOf(date: Json, { id }: WaitNode): number | null {
  if (date === null) return null
  const at = typeof date === 'number' ? date : typeof date === 'string' ? Date.parse(date) : NaN
  if (Number.isFinite(at)) return at
  throw new Terminal('BAD_EXPRESSION', `node "${id}" waits for a date, found ${JSON.stringify(date)}`)
}
