import type { Program } from '../core/compile.ts'
import { holderOf, nodeId, scopeOf, type NodeState, type WorkflowState } from '../core/state.ts'
import type { Graph, Node } from '../definition/definition.ts'

/** What an estimate needs of a running workflow. */
export type Progressing = Pick<WorkflowState, 'status' | 'nodes'>

/** A scope that is open, and the graph that runs in it. */
export interface OpenScope {
  scope: string
  graph: Graph
}

/** A running workflow as estimates look at it: nodes by path, open scopes by what holds them, how long what runs has run. */
export class Running {
  readonly #nodes: Progressing['nodes']
  readonly #begun: Readonly<Record<string, number>>
  readonly #now: number
  readonly #scopes = new Map<string, Map<string, Graph>>()

  constructor(
    program: Program,
    { nodes }: Progressing,
    now: number,
    /** When nodes began, by path, where it is known; Unix milliseconds. */
    begun: Readonly<Record<string, number>>,
  ) {
    this.#nodes = nodes
    this.#begun = begun
    this.#now = now
    for (const path in nodes) {
      const scope = scopeOf(path)
      const graph = program.nodes.get(nodeId(path))?.graph
      if (scope === '' || graph === undefined) continue
      const holder = holderOf(scope)
      const held = this.#scopes.get(holder) ?? new Map<string, Graph>()
      this.#scopes.set(holder, held.set(scope, graph))
    }
  }

  at(path: string): NodeState | undefined {
    return this.#nodes[path]
  }

  openScopes(path: string): OpenScope[] {
    return [...(this.#scopes.get(path) ?? [])].map(([scope, graph]) => ({ scope, graph }))
  }

  /** How long the node has been at it, milliseconds; undefined where that cannot be known. */
  elapsed(path: string, node: Node): number | undefined {
    const begun = this.#begun[path]
    if (begun !== undefined) return Math.max(0, this.#now - begun)
    const held = this.#nodes[path]
    // A task is overdue a fixed time after it was handed out.
    if (held?.is === 'running' && node.kind === 'task') return Math.max(0, this.#now - (held.due - node.overdueMs))
    return undefined
  }
}
