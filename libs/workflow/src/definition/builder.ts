/**
 * Writes definitions. Nodes follow each other in the order in which they are added, unless `after` says otherwise; what a
 * node gives can be used in the inputs of those behind it.
 *
 *     const greet = defineWorkflow<{ name: string }>('greet', 1, plainLifecycle, (flow, input) => {
 *       const text = flow.task('compose', compose, { input: { name: input.name } })
 *       flow.task('send', send, { input: { text: text.body } })
 *     })
 */
import type { Graph, Node, Retry } from './definition.ts'
import type { Json } from './json.ts'
import {
  milliseconds,
  type Approval,
  type ApprovalOptions,
  type Callable,
  type ChildOptions,
  type Collected,
  type Duration,
  type GeneratedOptions,
  type MapOptions,
  type NodeOptions,
  type TaskOptions,
  type WaitOptions,
  type Workflow,
} from './options.ts'
import { eq, expression, lower, refer, type Expr, type In, type Ref } from './reference.ts'

/** M4: three attempts, 2, 4 and 8 seconds apart. */
export const defaultRetry: Retry = { attempts: 4, backoffMs: [2_000, 4_000, 8_000] }
export const defaultOverdueMs = 3_600_000

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
      ...(options.expect && { expect: lower(options.expect(output)) }),
      ...(undo && {
        undo: {
          capability: undo.capability.name,
          timeoutMs: undo.capability.timeoutMs,
          input: lower(undo.input),
          ...(undo.retry && { retry: undo.retry }),
          ...(undo.overdueMs !== undefined && { overdueMs: undo.overdueMs }),
        },
      }),
      ...(options.set && { set: lowerAll(options.set(output)) }),
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

  /** Waits for a time to pass. */
  sleep(id: string, duration: Duration, options: NodeOptions = {}): void {
    this.#sleep(id, { timeoutMs: lower(milliseconds(duration)) }, options)
  }

  /** Waits for a date, ISO 8601 or Unix milliseconds; one that has passed ends the wait at once. */
  sleepUntil(id: string, date: In<string> | In<number>, options: NodeOptions = {}): void {
    this.#sleep(id, { timeoutMs: null, until: lower(date) }, options)
  }

  #sleep(id: string, due: { timeoutMs: Json; until?: Json }, options: NodeOptions): void {
    this.#add(id, options, { kind: 'wait', signals: [], interrupts: [], reason: 'a time', newTrace: false, ...due })
  }

  /** Asks a person. */
  approval(id: string, options: ApprovalOptions): Ref<Approval> {
    const { approvers, onTimeout } = options
    const reason = lower(options.reason)
    return this.#add(id, options, {
      kind: 'approval',
      reason,
      approvers,
      timeoutMs: lower(options.timeoutMs),
      onTimeout,
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

  /** Runs once for each element of a list and gives the results in its order. `index` counts from 0. */
  map<T, R>(
    id: string,
    options: MapOptions<T> & { onFailure: 'collect' },
    run: (flow: Flow, item: Ref<T>, index: Expr<number>) => In<R>,
  ): Ref<Collected<R>[]>
  map<T, R>(
    id: string,
    options: MapOptions<T> & { onFailure?: 'fail' },
    run: (flow: Flow, item: Ref<T>, index: Expr<number>) => In<R>,
  ): Ref<R[]>
  map<T, R>(
    id: string,
    options: MapOptions<T> & { onFailure?: 'fail' | 'collect' },
    run: (flow: Flow, item: Ref<T>, index: Expr<number>) => In<R>,
  ): Ref<R[]> | Ref<Collected<R>[]> {
    return this.#add<R[]>(id, options, {
      kind: 'map',
      over: lower(options.over),
      concurrency: options.concurrency,
      onFailure: options.onFailure ?? 'fail',
      ...this.#inner((flow) => run(flow, refer<T>('$item', [id]), expression<number>({ $index: id }))),
    })
  }

  /** Runs another workflow and gives its result. */
  child<I, O>(id: string, workflow: Workflow<I, O>, options: ChildOptions<I>): Ref<O> {
    return this.#add(id, options, {
      kind: 'child',
      definition: workflow.name,
      version: workflow.version,
      input: lower(options.input),
      attributes: lowerAll(options.attributes ?? {}),
      onParentClose: options.onParentClose ?? 'cancel',
    })
  }

  /** Runs a graph that an earlier node gave, once it has passed the checks; gives the graph's own result. */
  generated<T>(id: string, options: GeneratedOptions): Ref<T> {
    return this.#add(id, options, {
      kind: 'generated',
      graph: lower(options.graph),
      priority: this.#priority,
      ...(options.allow && { allow: options.allow.map(({ name }) => name) }),
    })
  }

  /** The same after a person has seen it: node `<id>-approval` comes first; gives null if it was not approved. */
  generatedOnApproval<T>(
    id: string,
    options: GeneratedOptions & { approval: Omit<ApprovalOptions, keyof NodeOptions> },
  ): { approval: Ref<Approval>; result: Ref<T | null> } {
    const { approval: ask, graph, allow, ...base } = options
    const approval = this.approval(`${id}-approval`, { ...base, ...ask })
    return { approval, result: this.generated<T | null>(id, { graph, allow, when: eq(approval.approved, true) }) }
  }

  value<T>(
    id: string,
    value: In<T>,
    options: NodeOptions & { set?: (value: Ref<T>) => Record<string, unknown> } = {},
  ): Ref<T> {
    const set = options.set && { set: lowerAll(options.set(refer<T>('$ref', [id]))) }
    return this.#add(id, options, { kind: 'value', value: lower(value), ...set })
  }

  /** People can set the workflow back to here. */
  checkpoint(id: string, options: NodeOptions & { name?: string } = {}): void {
    this.#add(id, options, { kind: 'checkpoint', name: options.name ?? id })
  }

  /** From here on nothing before is undone any more. */
  commit(id: string, options: NodeOptions = {}): void {
    this.#add(id, options, { kind: 'commit' })
  }

  end(id: string, outcome: In<string>, options: NodeOptions & { undo?: boolean; result?: unknown } = {}): void {
    this.#add(id, options, {
      kind: 'end',
      outcome: lower(outcome),
      undo: options.undo ?? false,
      ...(options.result !== undefined && { result: lower(options.result) }),
    })
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

  /** For defineWorkflow. */
  static graphOf(flow: Flow): Graph {
    return flow.#graph
  }
}

const lowerAll = (members: Record<string, unknown>): Record<string, Json> => lower(members) as Record<string, Json>

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never
