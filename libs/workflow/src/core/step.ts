/**
 * One transition at work: activates nodes, settles them, opens and closes the scopes that they hold.
 *
 * Invariants
 *  S1 A node is activated once per run of its scope, after every node in its `after` has ended or was skipped.
 *  S2 A node that ended or was skipped has a value; a scope ends when all its nodes have.
 *  S3 Attempts of one path only ever count up, so a result names exactly one dispatch.
 *  S4 No task is started unless the workflow is running; what is being undone starts undo tasks only.
 *  S5 An error in an expression fails its node, never the transition.
 */
import { Terminal, toFailure, toWire, type WireFailure } from '@pitcrew/errors'
import type { Program } from './compile.ts'
import type { BranchNode, Graph, LoopNode, Node, ParallelNode, TaskNode, WaitNode } from '../definition/definition.ts'
import type { Command } from './event.ts'
import { evaluate, truthy, type Environment } from '../definition/expression.ts'
import type { Json } from '../definition/json.ts'
import { checkTransition } from '../definition/lifecycle.ts'
import { attemptOf, holderOf, nodeId, scopeOf, type NodeState, type WorkflowState } from './state.ts'
import { beginUndo } from './undo.ts'

type Opened = Extract<NodeState, { is: 'open' }>

interface Dispatch {
  attempt: number
  first: number
  capability: string
  input: Json
  timeoutMs: number
  overdueMs: number
  priority: Json
}

export class Step {
  readonly program: Program
  readonly state: WorkflowState
  readonly now: number
  readonly commands: Command[] = []
  /** Scopes and nodes still to look at; a worklist, so that long chains do not nest calls. */
  #agenda: { scope: string; node: Node }[] = []

  constructor(program: Program, state: WorkflowState, now: number) {
    this.program = program
    this.state = state
    this.now = now
  }

  get #moving(): boolean {
    return this.state.status === 'running' && this.state.undoing === undefined
  }

  /** Activates whatever can be, in every open scope. For the start and for what stood still: a pause, a retry. */
  sweep(scope = '', graph: Graph = this.program.definition.graph): void {
    for (const node of graph.nodes) {
      const path = scope + node.id
      const held = this.state.nodes[path]
      if (held === undefined || held.is === 'abandoned') this.#agenda.push({ scope, node })
      else if (held.is === 'open') this.#sweepInside(path, node, held)
    }
    this.#work()
    this.#closeIfEnded(scope, graph)
    this.#work()
  }

  /** The first branch to close may close the whole node; then there is nothing left inside to look at. */
  #sweepInside(path: string, node: Node, held: Opened): void {
    for (const { scope, graph } of this.#openScopes(path, node)) {
      if (this.state.nodes[path] === held) this.sweep(scope, graph)
    }
  }

  /** The node gave its output. */
  settle(path: string, output: Json, is: 'ended' | 'skipped' = 'ended'): void {
    const { node, successors } = this.node(path)
    const before = this.state.nodes[path]
    this.state.nodes[path] = is === 'ended' ? { is, attempt: attemptOf(before) } : { is }
    this.state.values[path] = output
    if (is === 'ended' && node.set) Object.assign(this.state.attributes, this.evaluate(node.set, scopeOf(path)))
    if (!this.#moving) return
    const scope = scopeOf(path)
    for (const next of successors) this.#agenda.push({ scope, node: next })
    if (successors.length === 0) this.#closeIfEnded(scope, this.node(path).graph)
  }

  /** Settles and carries on from there. */
  proceed(path: string, output: Json): void {
    this.guard(path, () => this.settle(path, output))
    this.#work()
  }

  fail(path: string, failure: WireFailure): void {
    const { node } = this.node(path)
    if (node.kind === 'task' && tolerated(node, failure)) return this.proceed(path, null)
    this.state.nodes[path] = { is: 'failed', attempt: attemptOf(this.state.nodes[path]), failure }
    this.state.failure = { ...failure, node: path }
    beginUndo(this, 'failed', 'failed')
  }

  dispatch(path: string, node: TaskNode, attempt: number, first: number): void {
    const scope = scopeOf(path)
    const { capability, timeoutMs, overdueMs } = node
    const input = this.evaluate(node.input, scope)
    const priority = this.evaluate(node.priority, scope)
    this.run(path, { attempt, first, capability, input, timeoutMs, overdueMs, priority })
  }

  run(path: string, task: Dispatch): void {
    const due = this.now + task.overdueMs
    this.state.nodes[path] = { is: 'running', attempt: task.attempt, first: task.first, due }
    const priority = typeof task.priority === 'number' ? task.priority : 3
    const { attempt, capability, input, timeoutMs } = task
    this.commands.push({ type: 'run-task', path, attempt, capability, input, priority, timeoutMs })
    this.commands.push({ type: 'wake-at', path, due })
  }

  enterPhase(to: string): void {
    const { lifecycle } = this.program.definition
    const { state } = this
    const from = state.phase === lifecycle.retry || state.phase === lifecycle.failed ? state.phaseBefore : state.phase
    if (from !== undefined) checkTransition(lifecycle, from, to)
    if (to === lifecycle.retry || to === lifecycle.failed) state.phaseBefore = from
    else delete state.phaseBefore
    state.phase = to
  }

  node(path: string): { node: Node; graph: Graph; successors: Node[] } {
    const found = this.program.nodes.get(nodeId(path))
    if (!found)
      throw new Terminal(
        'UNKNOWN_NODE',
        `definition ${this.state.definition} version ${this.state.version} has no node "${path}"`,
      )
    return found
  }

  evaluate(expression: Json, scope: string): Json {
    return evaluate(expression, this.#environment(scope))
  }

  #work(): void {
    for (let i = 0; i < this.#agenda.length && this.#moving; i++) {
      const { scope, node } = this.#agenda[i] as { scope: string; node: Node }
      this.#activate(scope, node)
    }
    this.#agenda = []
  }

  #activate(scope: string, node: Node): void {
    const path = scope + node.id
    const held = this.state.nodes[path]
    if (held !== undefined && held.is !== 'abandoned') return
    if (!node.after.every((id) => this.#over(scope + id))) return
    this.guard(path, () => {
      if (node.when !== undefined && !truthy(this.evaluate(node.when, scope))) return this.settle(path, null, 'skipped')
      if (node.phase !== undefined) this.enterPhase(node.phase)
      this.#begin(path, node, scope)
    })
  }

  #over(path: string): boolean {
    const is = this.state.nodes[path]?.is
    return is === 'ended' || is === 'skipped'
  }

  #begin(path: string, node: Node, scope: string): void {
    const run = attemptOf(this.state.nodes[path]) + 1
    switch (node.kind) {
      case 'task':
        return this.dispatch(path, node, run, run)
      case 'wait':
        return this.#wait(path, node, scope)
      case 'value':
        return this.settle(path, this.evaluate(node.value, scope))
      case 'commit':
        this.state.undo = []
        return this.settle(path, null)
      case 'end':
        this.state.nodes[path] = { is: 'ended' }
        return beginUndo(this, 'completed', String(this.evaluate(node.outcome, scope)), !node.undo)
      case 'branch':
        return this.#openBranch(path, node, scope, run)
      case 'loop':
        this.state.nodes[path] = { is: 'open', index: run, first: run, carry: this.evaluate(node.initial, scope) }
        break
      case 'parallel':
        this.state.nodes[path] = { is: 'open', index: run }
    }
    for (const inner of this.#openScopes(path, node)) this.#open(inner.scope, inner.graph)
  }

  #openBranch(path: string, node: BranchNode, scope: string, run: number): void {
    const choice = node.cases.findIndex((one) => truthy(this.evaluate(one.when, scope)))
    if (choice < 0) return this.settle(path, null)
    this.state.nodes[path] = { is: 'open', index: run, choice }
    for (const inner of this.#openScopes(path, node)) this.#open(inner.scope, inner.graph)
  }

  #wait(path: string, node: WaitNode, scope: string): void {
    this.state.inbox = this.state.inbox.filter(({ signal }) => !node.interrupts.includes(signal))
    const buffered = this.state.inbox.findIndex(({ signal }) => node.signals.includes(signal))
    if (buffered >= 0) {
      const [{ signal, payload }] = this.state.inbox.splice(buffered, 1) as [{ signal: string; payload: Json }]
      return this.settle(path, { signal, payload })
    }
    const timeout = this.evaluate(node.timeoutMs, scope)
    const due = typeof timeout === 'number' ? this.now + Math.max(0, timeout) : null
    this.state.nodes[path] = { is: 'waiting', due }
    if (due !== null) this.commands.push({ type: 'wake-at', path, due })
  }

  #open(scope: string, graph: Graph): void {
    for (const node of graph.nodes) this.#agenda.push({ scope, node })
    if (graph.nodes.length === 0) this.#closeIfEnded(scope, graph)
  }

  #openScopes(path: string, node: Node): { scope: string; graph: Graph }[] {
    const held = this.state.nodes[path]
    if (held?.is !== 'open') return []
    const run = `${path}[${held.index}]`
    if (node.kind === 'loop') return [{ scope: `${run}/`, graph: node.graph }]
    if (node.kind === 'parallel') return node.branches.map(({ name, graph }) => ({ scope: `${run}.${name}/`, graph }))
    const chosen = node.kind === 'branch' ? node.cases[held.choice ?? -1] : undefined
    return chosen ? [{ scope: `${run}/`, graph: chosen.graph }] : []
  }

  #closeIfEnded(scope: string, graph: Graph): void {
    if (!this.#moving || !graph.nodes.every((node) => this.#over(scope + node.id))) return
    if (scope === '') return beginUndo(this, 'completed', 'completed', true)
    const holder = holderOf(scope)
    const held = this.state.nodes[holder]
    if (held?.is !== 'open') return
    this.guard(holder, () => this.#close(holder, held, scope))
  }

  #close(holder: string, held: Opened, scope: string): void {
    const { node } = this.node(holder)
    switch (node.kind) {
      case 'branch': {
        const result = this.evaluate(node.cases[held.choice ?? -1]?.result ?? null, scope)
        this.#forget(scope)
        return this.settle(holder, result)
      }
      case 'loop':
        return this.#iterate(holder, node, held, scope)
      case 'parallel':
        return this.#join(holder, node, held)
      case 'task':
      case 'wait':
      case 'value':
      case 'commit':
      case 'end':
        throw new Terminal('INTERNAL', `node "${node.id}" holds no scope`)
    }
  }

  #iterate(path: string, node: LoopNode, held: Opened, scope: string): void {
    const carry = this.evaluate(node.next, scope)
    const enough = truthy(this.evaluate(node.until, scope)) || held.index - (held.first ?? 1) + 1 >= node.max
    this.#forget(scope)
    if (enough) return this.settle(path, carry)
    const index = held.index + 1
    this.state.nodes[path] = { is: 'open', index, first: held.first, carry }
    this.#open(`${path}[${index}]/`, node.graph)
  }

  #join(path: string, node: ParallelNode, held: Opened): void {
    const scopes = node.branches.map(({ name }) => `${path}[${held.index}].${name}/`)
    if (!node.branches.every(({ graph }, i) => graph.nodes.every((one) => this.#over((scopes[i] as string) + one.id))))
      return
    const output: { [name: string]: Json } = {}
    node.branches.forEach(({ name, result }, i) => (output[name] = this.evaluate(result, scopes[i] as string)))
    scopes.forEach((scope) => this.#forget(scope))
    this.settle(path, output)
  }

  /** A closed scope is only known by its result; its paths hold its run's number and do not come again (S3). */
  #forget(scope: string): void {
    for (const path in this.state.nodes) if (path.startsWith(scope)) delete this.state.nodes[path]
    for (const path in this.state.values) if (path.startsWith(scope)) delete this.state.values[path]
  }

  /** Turns what goes wrong in `act` into a failure of the node (S5). */
  guard(path: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.fail(path, toWire(toFailure(error)))
    }
  }

  #environment(scope: string): Environment {
    const find = <T>(id: string, read: (path: string) => T | undefined): T | undefined => {
      for (let at = scope; ; at = at === '' ? '' : scopeOf(holderOf(at))) {
        const value = read(at + id)
        if (value !== undefined || at === '') return value
      }
    }
    const opened = (path: string): Opened | undefined => {
      const held = this.state.nodes[path]
      return held?.is === 'open' ? held : undefined
    }
    return {
      input: this.state.input,
      now: this.now,
      attributes: this.state.attributes,
      output: (id) => find(id, (path) => this.state.values[path]),
      carry: (id) => find(id, opened)?.carry,
      index: (id) => find(id, opened)?.index,
    }
  }
}

function tolerated({ tolerates }: TaskNode, { code }: WireFailure): boolean {
  return tolerates === 'anything' || (tolerates !== 'nothing' && tolerates.includes(code))
}
