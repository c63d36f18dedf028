/**
 * One transition at work: activates nodes, settles them, carries on from there. begin.ts says how a node of each kind begins,
 * scopes.ts how one that holds graphs ends.
 *
 * Invariants
 *  S1 A node is activated once per run of its scope, after every node in its `after` has ended or was skipped.
 *  S2 A node that ended or was skipped has a value; a scope ends when all its nodes have.
 *  S3 Attempts of one path only ever count up, so a result names exactly one dispatch.
 *  S4 No task is started unless the workflow is running; what is being undone starts undo tasks only.
 *  S5 An error in an expression fails its node, never the transition.
 *  S6 Nothing that is under way is given up without telling those who do it (cancel-task, cancel-child).
 */
import { Terminal, toFailure, toWire, type WireFailure } from '@pitcrew/errors'
import type { Graph, Node, TaskNode } from '../definition/definition.ts'
import { evaluate, truthy } from '../definition/expression.ts'
import type { Json } from '../definition/json.ts'
import { checkTransition } from '../definition/lifecycle.ts'
import { begin } from './begin.ts'
import { placesOf, type Place, type Program } from './compile.ts'
import { Surroundings } from './environment.ts'
import type { Command } from './event.ts'
import { holderOf, nodeId, scopeOf, scopesFrom } from './path.ts'
import { closeIfEnded, collectFailure, goOn, openScopes, type Scope } from './scopes.ts'
import { attemptOf, type WorkflowState } from './state.ts'
import { beginUndo } from './undo.ts'

export interface Dispatch {
  attempt: number
  first: number
  capability: string
  input: Json
  timeoutMs: number
  overdueMs: number
  priority: Json
}

/** Of generated graphs, by the graph that the state holds. */
const generatedPlaces = new WeakMap<Graph, Map<string, Place>>()

export class Step {
  readonly program: Program
  readonly state: WorkflowState
  readonly now: number
  readonly commands: Command[] = []
  #surroundings: Surroundings | undefined
  /** What is still to be looked at; a worklist, so that long chains do not nest calls. Without a node: the scope itself. */
  #agenda: { scope: string; node?: Node; graph?: Graph }[] = []
  #working = false

  constructor(program: Program, state: WorkflowState, now: number) {
    this.program = program
    this.state = state
    this.now = now
  }

  get moving(): boolean {
    return this.state.status === 'running' && this.state.undoing === undefined
  }

  /** Activates whatever can be, in every open scope. For the start and for what stood still: a pause, a retry. */
  sweep(): void {
    this.#sweep({ scope: '', graph: this.program.definition.graph })
  }

  #sweep({ scope, graph }: Scope): void {
    for (const node of graph.nodes) {
      const path = scope + node.id
      const held = this.state.nodes[path]
      if (held === undefined || held.is === 'abandoned') this.#agenda.push({ scope, node })
      else if (held.is === 'open') {
        // The first of its scopes to close may close the whole node; then there is nothing left inside to look at.
        for (const inner of openScopes(path, node, held)) if (this.state.nodes[path] === held) this.#sweep(inner)
        this.guard(path, () => goOn(this, path, node))
      }
    }
    this.work()
    closeIfEnded(this, scope, graph)
    this.work()
  }

  /** The node gave its output. */
  settle(path: string, output: Json, is: 'ended' | 'skipped' = 'ended'): void {
    const { node, successors, graph } = this.node(path)
    const { state } = this
    const before = state.nodes[path]
    const scope = scopeOf(path)
    state.values[path] = output
    if (is === 'ended') {
      if (node.set) Object.assign(state.attributes, this.evaluate(node.set, scope))
      const attempt = attemptOf(before)
      state.nodes[path] = attempt === 0 ? { is } : { is, attempt }
    } else state.nodes[path] = { is }
    if (!this.moving) return
    if (successors.length === 0) closeIfEnded(this, scope, graph)
    else for (const next of successors) this.#agenda.push({ scope, node: next })
  }

  /** Settles and carries on from there. */
  proceed(path: string, output: Json): void {
    const wrong = this.#trySettle(path, output)
    if (wrong) this.fail(path, wrong)
    this.work()
  }

  #trySettle(path: string, output: Json): WireFailure | undefined {
    try {
      this.settle(path, output)
      return undefined
    } catch (error) {
      return toWire(toFailure(error))
    }
  }

  /** The node failed for good. While nothing moves that is only noted, and takes effect when the workflow goes on. */
  fail(path: string, failure: WireFailure): void {
    const { state } = this
    const { node } = this.node(path)
    if (node.kind === 'task' && tolerated(node, failure)) {
      const wrong = this.#trySettle(path, null)
      if (wrong === undefined) return this.work()
      failure = wrong
    }
    delete state.values[path]
    state.nodes[path] = { is: 'failed', attempt: attemptOf(state.nodes[path]), failure }
    if (this.moving) this.#failed(path, failure)
  }

  /** What failed while nothing moved takes effect. */
  takeFailures(): void {
    const { nodes } = this.state
    for (const path in nodes) {
      const held = nodes[path]
      if (held?.is === 'failed' && this.moving) this.#failed(path, held.failure)
    }
  }

  #failed(path: string, failure: WireFailure): void {
    for (const scope of scopesFrom(scopeOf(path))) {
      const { node } = this.node(holderOf(scope))
      if (node.kind === 'map' && node.onFailure === 'collect') {
        collectFailure(this, scope, failure)
        return this.work()
      }
    }
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
    const { attempt, first, capability, input, timeoutMs } = task
    const due = this.now + task.overdueMs
    this.state.nodes[path] = { is: 'running', attempt, first, due }
    const priority = typeof task.priority === 'number' ? task.priority : 3
    this.commands.push({ type: 'run-task', path, attempt, capability, input, priority, timeoutMs })
    this.commands.push({ type: 'wake-at', path, due })
  }

  enterPhase(to: string): void {
    const { lifecycle } = this.program.definition
    const { state } = this
    const from = state.phase === lifecycle.retry || state.phase === lifecycle.failed ? state.phaseBefore : state.phase
    if (from !== undefined) checkTransition(lifecycle, from, to)
    if (to === lifecycle.retry || to === lifecycle.failed) state.phaseBefore = from
    else if (state.phaseBefore !== undefined) delete state.phaseBefore
    state.phase = to
  }

  /** @throws Terminal UNKNOWN_NODE */
  node(path: string): Place {
    const id = nodeId(path)
    return this.program.nodes.get(id) ?? this.#generated(path, id)
  }

  knows(path: string): boolean {
    return this.program.nodes.has(nodeId(path)) || this.#findGenerated(path, nodeId(path)) !== undefined
  }

  /** A node of a graph that was made at run time is known where that graph runs. */
  #findGenerated(path: string, id: string): Place | undefined {
    for (const scope of scopesFrom(scopeOf(path))) {
      const held = this.state.nodes[holderOf(scope)]
      const graph = held?.is === 'open' ? held.generated?.graph : undefined
      if (!graph) continue
      const places = generatedPlaces.get(graph) ?? placesOf(graph)
      generatedPlaces.set(graph, places)
      const place = places.get(id)
      if (place) return place
    }
    return undefined
  }

  #generated(path: string, id: string): Place {
    const place = this.#findGenerated(path, id)
    if (place) return place
    const { definition, version } = this.state
    throw new Terminal('UNKNOWN_NODE', `definition ${definition} version ${version} has no node "${path}"`)
  }

  evaluate(expression: Json, scope: string): Json {
    if (expression === null || typeof expression !== 'object') return expression
    const surroundings = (this.#surroundings ??= new Surroundings(this.state, this.now))
    surroundings.scope = scope
    return evaluate(expression, surroundings)
  }

  /** Puts all that a scope has on the worklist. */
  open(scope: string, graph: Graph): void {
    for (const node of graph.nodes) this.#agenda.push({ scope, node })
    if (graph.nodes.length === 0) this.#agenda.push({ scope, graph })
  }

  work(): void {
    if (this.#working || this.#agenda.length === 0) return
    this.#working = true
    const agenda = this.#agenda
    for (let i = 0; i < agenda.length && this.moving; i++) {
      const { scope, node, graph } = agenda[i] as (typeof agenda)[number]
      if (node) this.#activate(scope, node)
      else closeIfEnded(this, scope, graph as Graph)
    }
    this.#agenda = []
    this.#working = false
  }

  #activate(scope: string, node: Node): void {
    const path = scope + node.id
    const held = this.state.nodes[path]
    if (held !== undefined && held.is !== 'abandoned') {
      // What came before it has ended after it, as it may after a migration: then that was the last.
      if (this.over(path)) closeIfEnded(this, scope, this.node(path).graph)
      return
    }
    for (const id of node.after) if (!this.over(scope + id)) return
    try {
      if (node.when !== undefined && !truthy(this.evaluate(node.when, scope))) this.settle(path, null, 'skipped')
      else {
        if (node.phase !== undefined) this.enterPhase(node.phase)
        begin(this, path, node, scope)
      }
    } catch (error) {
      this.fail(path, toWire(toFailure(error)))
    }
  }

  over(path: string): boolean {
    const is = this.state.nodes[path]?.is
    return is === 'ended' || is === 'skipped'
  }

  /** Turns what goes wrong in `act` into a failure of the node (S5). */
  guard(path: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.fail(path, toWire(toFailure(error)))
    }
  }
}

function tolerated({ tolerates }: TaskNode, { code }: WireFailure): boolean {
  return tolerates === 'anything' || (tolerates !== 'nothing' && tolerates.includes(code))
}
