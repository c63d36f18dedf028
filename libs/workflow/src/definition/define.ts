import { checkDefinition } from './check.ts'
import { Flow } from './builder.ts'
import type { Definition, Update } from './definition.ts'
import type { Json } from './json.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { UpdateOptions, Workflow } from './options.ts'
import { lower, refer, type In, type Ref } from './reference.ts'

declare const asks: unique symbol
declare const answers: unique symbol

/** The name of an update, knowing what it takes and answers. */
export type UpdateName<P, R> = string & { readonly [asks]?: P; readonly [answers]?: R }
/** The name of a query, knowing what it answers. */
export type QueryName<R> = string & { readonly [answers]?: R }

/** The outermost graph, which can also say what may be asked of the workflow while it runs. */
export class RootFlow extends Flow {
  readonly #updates: { [name: string]: Update } = {}
  readonly #queries: { [name: string]: Json } = {}

  /** What people may change: validated by `when`, kept in search attributes, answered by `result`. */
  update<P, R = unknown>(name: string, options: UpdateOptions<P, NoInfer<R>>): UpdateName<P, R> {
    const payload = refer<P>('$payload', [])
    this.#updates[name] = {
      ...(options.when && { when: lower(options.when(payload)) }),
      set: lower(options.set(payload)) as Record<string, Json>,
      result: lower(options.result(payload)),
    }
    return name
  }

  /** What can be asked; nodes that have not run give null. */
  query<R = unknown>(name: string, value: In<NoInfer<R>>): QueryName<R> {
    this.#queries[name] = lower(value)
    return name
  }

  /** For defineWorkflow. */
  static membersOf(flow: RootFlow): Pick<Definition, 'graph' | 'updates' | 'queries'> {
    return {
      graph: Flow.graphOf(flow),
      ...(Object.keys(flow.#updates).length > 0 && { updates: flow.#updates }),
      ...(Object.keys(flow.#queries).length > 0 && { queries: flow.#queries }),
    }
  }
}

/**
 * A checked definition.
 * @param build adds the nodes; what it returns is the workflow's result for parents and clients
 * @param options.priority expression over the input for the priority of its tasks, 1 (urgent) to 4 (routine)
 * @throws Terminal when it could not run; see check.ts
 */
export function defineWorkflow<I, O = unknown>(
  name: string,
  version: number,
  lifecycle: Lifecycle,
  build: (flow: RootFlow, input: Ref<I>) => In<NoInfer<O>> | void,
  options: { priority?: (input: Ref<I>) => In<number> } = {},
): Workflow<I, O> {
  const input = refer<I>('$input', [])
  const flow = new RootFlow(lower(options.priority?.(input) ?? 3))
  const result = build(flow, input)
  const definition: Workflow<I, O> = {
    name,
    version,
    lifecycle,
    ...RootFlow.membersOf(flow),
    ...(result !== undefined && { result: lower(result) }),
  }
  checkDefinition(definition)
  return definition
}
