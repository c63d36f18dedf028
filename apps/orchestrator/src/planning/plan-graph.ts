/** F1: a checked draft as a graph of the engine. */
import { Terminal } from '@pitcrew/errors'
import { defaultRetry, parallelGroups, parseGraph, type Json, type TaskNode } from '@pitcrew/workflow'
import { entryOf, type Catalogue, type CatalogueEntry } from './catalogue.ts'
import type { Reserved } from './draft.ts'
import type { Binding, Draft, DraftTask, Plan } from './plan.ts'

/** In the queue and at an agent together, milliseconds. */
const overdueMs = 3_600_000
const routine = 3

/** Where a plan finds the goal's inputs in the input of the workflow that runs it. */
const goalInputs = ['goal', 'inputs']

/**
 * Checked as the engine checks it again before it runs.
 * @param reserved ids that the definition around the plan uses itself
 * @throws Terminal BAD_GRAPH, with the check's own code in the message: CYCLE, UNKNOWN_NODE, UNREACHABLE_READ and others
 */
export function planOf(
  { summary, tasks }: Draft,
  catalogue: Catalogue,
  reserved: Reserved,
  made: Pick<Plan, 'madeBy' | 'notes'>,
): Plan {
  const entries = tasks.map((task) => ({ task, entry: entryFor(task, catalogue) }))
  const given = entries.map(({ task, entry }) => nodeOf(task, entry))
  const result = Object.fromEntries(tasks.map(({ id }) => [id, { $ref: [id] }]))
  const { graph } = parseGraph(
    { nodes: given as unknown as Json, result },
    {
      taken: reserved,
      readable: { nodes: new Set(), loops: new Set() },
      depth: 0,
      priority: routine,
      allow: catalogue.map(({ capability }) => capability),
    },
  )
  const planned = entries.map(({ task: { id, capability, expertise, rationale, after }, entry: { effect } }) => {
    return [id, { capability, expertise, rationale, effect, after, agent: null, because: '' }] as const
  })
  return { summary, graph, result, tasks: Object.fromEntries(planned), stages: parallelGroups(graph), ...made }
}

function entryFor({ id, capability }: DraftTask, catalogue: Catalogue): CatalogueEntry {
  const entry = entryOf(catalogue, capability)
  if (entry) return entry
  throw new Terminal('BAD_PLAN', `task "${id}": there is no capability "${capability}" in the catalogue`)
}

function nodeOf({ id, capability, after, inputs }: DraftTask, { timeoutMs, undo }: CatalogueEntry): TaskNode {
  return {
    id,
    kind: 'task',
    after: [...after],
    capability,
    input: inputOf(inputs),
    priority: routine,
    timeoutMs,
    overdueMs,
    retry: defaultRetry,
    tolerates: 'nothing',
    ...(undo && {
      undo: {
        capability: undo.capability,
        timeoutMs: undo.timeoutMs,
        input: Object.fromEntries(
          Object.entries(undo.input).map(([field, path]) => [field, { $ref: [id, ...path.split('.')] }]),
        ),
      },
    }),
  }
}

function inputOf(bindings: readonly Binding[]): Json {
  const input: { [field: string]: Json } = {}
  for (const binding of bindings) put(input, binding.field.split('.'), expressionOf(binding))
  return lists(input)
}

function expressionOf({ source, task, path, value }: Binding): Json {
  const steps = path === '' ? [] : path.split('.')
  switch (source) {
    case 'goal':
      return { $input: [...goalInputs, ...steps] }
    case 'task':
      return { $ref: [task, ...steps] }
    case 'literal':
      return value
  }
}

function put(into: { [field: string]: Json }, [first = '', ...rest]: string[], value: Json): void {
  if (rest.length === 0) into[first] = value
  else put((into[first] ??= {}) as { [field: string]: Json }, rest, value)
}

/** `{ 0: a, 1: b }` is what `findings.0` and `findings.1` made; it stands for a list. */
function lists(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const keys = Object.keys(value)
  if (keys.some((key) => key.startsWith('$'))) return value
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) return Object.values(value).map(lists)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, lists(member)]))
}
