import type { Opened } from '../core/environment.ts'
import { openScopes, type Scope } from '../core/scopes.ts'
import type { NodeState, WorkflowState } from '../core/state.ts'
import type { Node } from '../definition/definition.ts'

/** What an estimate needs of a running workflow. */
export type Progressing = Pick<WorkflowState, 'status' | 'nodes'>

/** A running workflow as estimates look at it: nodes by path, the scopes that they hold, how long what runs has run. */
export class Running {
  readonly #nodes: Progressing['nodes']
  readonly #begun: Readonly<Record<string, number>>
  readonly #now: number

  /** @param begun when nodes began, by path, where it is known; Unix milliseconds */
  constructor({ nodes }: Progressing, now: number, begun: Readonly<Record<string, number>>) {
    this.#nodes = nodes
    this.#begun = begun
    this.#now = now
  }

  at(path: string): NodeState | undefined {
    return this.#nodes[path]
  }

  scopes(path: string, node: Node, held: Opened): Scope[] {
    return openScopes(path, node, held)
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
