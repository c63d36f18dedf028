/**
 * Writes definitions. Nodes follow each other in the order in which they are added, unless `after` says otherwise; what a
 * node gives can be used in the inputs of those behind it.
 *
 *     const greet = defineWorkflow<{ name: string }>('greet', 1, plainLifecycle, (flow, input) => {
 *       const text = flow.task('compose', compose, { input: { name: input.name } })
 *       flow.task('send', send, { input: { text: text.body } })
 *     })
 */
import { checkDefinition } from './check.ts'
import type { Definition, Graph, Node, Retry } from './definition.ts'
import type { Json } from './json.ts'
import type { Lifecycle } from './lifecycle.ts'
import { expression, lower, refer, type Expr, type In, type Ref } from './reference.ts'

/** What an agent can do, as far as a definition needs to know. */
export interface Callable<I, O> {
  name: string
  /** One attempt, milliseconds. */
  timeoutMs: number
  request: { toJSON(message: I): unknown }
  response: { fromJSON(json: never): O }
}

export interface NodeOptions {
  phase?: string
  /** Skips the node, which then gives null, unless this holds. */
  when?: Expr<boolean>
  /** Ids of nodes in the same graph that come before; by default the one added last. */
  after?: readonly string[]
}

export interface TaskOptions<I, O> extends NodeOptions {
  input: In<I>
  /** Search attributes to set from the output. */
  set?: (output: Ref<O>) => Record<string, unknown>
  retry?: Retry
  overdueMs?: number
  undo?: (output: Ref<O>) => UndoOptions
  /** Failure codes that give null instead of failing the workflow. */
  tolerates?: 'anything' | readonly string[]
}

export interface WaitOptions<S extends string> extends NodeOptions {
  signals: readonly S[]
  /** Signals that end the wait as well, but only if they come during it. */
  interrupts?: readonly S[]
  timeoutMs: In<number> | null
  reason: string
  newTrace?: boolean
}

interface UndoOptions {
  capability: { name: string; timeoutMs: number }
  input: unknown
}

/** M4: three attempts, 2, 4 and 8 seconds apart. */
export const defaultRetry: Retry = { attempts: 4, backoffMs: [2_000, 4_000, 8_000] }
const defaultOverdueMs = 3_600_000

export class Flow {
  readonly #graph: Graph = { nodes: [] }
  readonly #priority: Json
  #last: string[] = []

  constructor(priority: Json) {
    this.#priority = priority
  }

  task<I, O>(id: string, capability: Callable<I, O>, options: TaskOptions<I, O>): Ref<O> {
    const output = refer<O>('$ref', [id])
    const undo = options.undo?.(output)
    return this.#add(id, options, {
      kind: 'task',
      capability: capability.name,
      input: lower(options.input),
      priority: this.#priority,
      timeoutMs: capability.timeoutMs,
      overdueMs: options.overdueMs ?? defaultOverdueMs,
      retry: options.retry ?? defaultRetry,
      tolerates:
        options.tolerates === undefined || options.tolerates === 'anything'
          ? (options.tolerates ?? 'nothing')
          : [...options.tolerates],
      ...(undo && {
        undo: { capability: undo.capability.name, timeoutMs: undo.capability.timeoutMs, input: lower(undo.input) },
      }),
      ...(options.set && { set: lower(options.set(output)) as Record<string, Json> }),
    })
  }

  /** Gives the first of the signals that comes, or signal null after the time. Milliseconds; null waits for ever. */
  wait<S extends string, P>(id: string, options: WaitOptions<S>): Ref<{ signal: S | null; payload: P }> {
    const { signals, interrupts = [], reason, newTrace = false } = options
    const timeoutMs = lower(options.timeoutMs)
    return this.#add(id, options, {
      kind: 'wait',
      signals: [...signals],
      interrupts: [...interrupts],
      timeoutMs,
      reason,
      newTrace,
    })
  }

  /** Runs the first case that holds and gives its result, or null if none does. */
  branch<T>(
    id: string,
    cases: readonly { when: Expr<boolean> | true; run: (flow: Flow) => In<T> }[],
    options: NodeOptions = {},
  ): Ref<T> {
    return this.#add(id, options, {
      kind: 'branch',
      cases: cases.map((one) => ({ when: lower(one.when), ...this.#inner((flow) => one.run(flow)) })),
    })
  }

  /** Repeats until `until` holds, at most `max` times, carrying a value along; gives what it carries in the end. */
  loop<T>(
    id: string,
    options: NodeOptions & {
      initial: In<T>
      max: number
      run: (flow: Flow, carry: Ref<T>, index: Expr<number>) => { next: In<T>; until: Expr<boolean> }
    },
  ): Ref<T> {
    const flow = new Flow(this.#priority)
    const { next, until } = options.run(flow, refer<T>('$carry', [id]), expression<number>({ $index: id }))
    return this.#add(id, options, {
      kind: 'loop',
      initial: lower(options.initial),
      graph: flow.#graph,
      next: lower(next),
      until: lower(until),
      max: options.max,
    })
  }

  /** Runs all side by side and gives all results. */
  parallel<R extends Record<string, unknown>>(
    id: string,
    branches: { [K in keyof R]: (flow: Flow) => In<R[K]> },
    options: NodeOptions = {},
  ): Ref<R> {
    return this.#add(id, options, {
      kind: 'parallel',
      branches: Object.entries(branches).map(([name, run]) => ({
        name,
        ...this.#inner(run as (flow: Flow) => unknown),
      })),
    })
  }

  value<T>(
    id: string,
    value: In<T>,
    options: NodeOptions & { set?: (value: Ref<T>) => Record<string, unknown> } = {},
  ): Ref<T> {
    const set = options.set && { set: lower(options.set(refer<T>('$ref', [id]))) as Record<string, Json> }
    return this.#add(id, options, { kind: 'value', value: lower(value), ...set })
  }

  /** From here on nothing before is undone any more. */
  commit(id: string, options: NodeOptions = {}): void {
    this.#add(id, options, { kind: 'commit' })
  }

  end(id: string, outcome: In<string>, options: NodeOptions & { undo?: boolean } = {}): void {
    this.#add(id, options, { kind: 'end', outcome: lower(outcome), undo: options.undo ?? false })
  }

  #inner(run: (flow: Flow) => unknown): { graph: Graph; result: Json } {
    const flow = new Flow(this.#priority)
    const result = lower(run(flow))
    return { graph: flow.#graph, result }
  }

  #add<T>(id: string, options: NodeOptions, node: DistributiveOmit<Node, 'id' | 'after' | 'phase' | 'when'>): Ref<T> {
    const base = {
      id,
      after: [...(options.after ?? this.#last)],
      ...(options.phase !== undefined && { phase: options.phase }),
      ...(options.when !== undefined && { when: lower(options.when) }),
    }
    this.#graph.nodes.push({ ...base, ...node } as Node)
    this.#last = [id]
    return refer<T>('$ref', [id])
  }

  /** For `defineWorkflow`. */
  static graphOf(flow: Flow): Graph {
    return flow.#graph
  }
}

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never

/**
 * A checked definition.
 * @param options.priority expression over the input for the priority of its tasks, 1 (urgent) to 4 (routine)
 * @throws Terminal when it could not run; see check.ts
 */
export function defineWorkflow<I>(
  name: string,
  version: number,
  lifecycle: Lifecycle,
  build: (flow: Flow, input: Ref<I>) => void,
  options: { priority?: (input: Ref<I>) => In<number> } = {},
): Definition {
  const input = refer<I>('$input', [])
  const flow = new Flow(lower(options.priority?.(input) ?? 3))
  build(flow, input)
  const definition: Definition = { name, version, lifecycle, graph: Flow.graphOf(flow) }
  checkDefinition(definition)
  return definition
}
