/** What an expression reads, looked up from a scope outwards. */
import type { Environment } from '../definition/expression.ts'
import type { Json } from '../definition/json.ts'
import { holderOf, nodeId, positionOf, scopeOf, scopesFrom } from './path.ts'
import type { NodeState, WorkflowState } from './state.ts'

export type Opened = Extract<NodeState, { is: 'open' }>

/** One serves a whole transition: `scope` is set before each evaluation. */
export class Surroundings implements Environment {
  readonly #state: WorkflowState
  readonly now: number
  scope = ''

  constructor(state: WorkflowState, now: number) {
    this.#state = state
    this.now = now
  }

  get input(): Json {
    return this.#state.input
  }

  get attributes(): WorkflowState['attributes'] {
    return this.#state.attributes
  }

  output(id: string): Json | undefined {
    const { values } = this.#state
    for (let at = this.scope; ; at = scopeOf(holderOf(at))) {
      const value = values[at + id]
      if (value !== undefined || at === '') return value
    }
  }

  carry(loop: string): Json | undefined {
    return this.#around(loop)?.held.carry
  }

  index(holder: string): number | undefined {
    const around = this.#around(holder)
    return around?.held.each ? positionOf(around.scope) : around?.held.index
  }

  item(map: string): Json | undefined {
    const around = this.#around(map)
    return around?.held.each?.items[positionOf(around.scope)]
  }

  #around(id: string): { held: Opened; scope: string } | undefined {
    for (const scope of scopesFrom(this.scope)) {
      const holder = holderOf(scope)
      const held = nodeId(holder) === id ? this.#state.nodes[holder] : undefined
      if (held?.is === 'open') return { held, scope }
    }
    return undefined
  }
}

/** For updates and queries: over the outermost nodes, of which those that have not run give null. */
export function outside(state: WorkflowState, now: number, payload: Json = null): Environment {
  return {
    input: state.input,
    now,
    attributes: state.attributes,
    payload,
    output: (id) => state.values[id] ?? null,
    carry: () => undefined,
    index: () => undefined,
    item: () => undefined,
  }
}
