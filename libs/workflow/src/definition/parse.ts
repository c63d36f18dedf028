/**
 * F2: graphs that come from outside, made at run time by a task or a planner. JSON of the form
 *
 *     { "nodes": [{ "id": "look", "kind": "task", "capability": "x.look", "input": {} }, ...], "result": { "$ref": ["look"] } }
 *
 * with the nodes of definition.ts. What is not given is as the builder would have it: a node runs after the one listed before
 * it, tasks have the default retries. `phase` and `end` are not for such a graph: they belong to the workflow around it.
 *
 * Invariants
 *  G1 What passes has been read field by field: nothing reaches the core that its types do not name.
 *  G2 What passes runs like a definition: the same checks, and at most 200 nodes, 8 graphs deep.
 */
import { Terminal, toFailure } from '@pitcrew/errors'
import { defaultOverdueMs, defaultRetry } from './builder.ts'
import { checkGraph } from './check.ts'
import { allNodes, type Graph, type NodeKind, type Retry } from './definition.ts'
import { checkExpression } from './expression-shape.ts'
import type { Json } from './json.ts'
import { checkRead, type Readable } from './reads.ts'

export const mostNodes = 200
export const mostDeep = 8
const defaultTimeoutMs = 60_000

export interface Parsed {
  graph: Graph
  result: Json
}

interface Surroundings {
  /** Ids that are in use around it. */
  taken: ReadonlySet<string>
  readable: Readable
  /** Graphs that were generated around it already; each counts as a level. */
  depth: number
  /** Priority of tasks that name none. */
  priority: Json
  allow?: readonly string[]
}

interface Context {
  depth: number
  priority: Json
}
/** Reads a field, `undefined` when it is not there. */
type Reader = (value: Json | undefined, place: string, context: Context) => unknown
type Fields = { [name: string]: Reader }

/** @throws Terminal BAD_GRAPH with the place */
export function parseGraph(json: Json, { taken, readable, depth, priority, allow }: Surroundings): Parsed {
  try {
    const { nodes, result = null, ...rest } = object(json, 'graph')
    for (const name in rest) throw bad(`graph.${name}`, 'there is no such field')
    const graph = readGraph({ nodes: nodes ?? null }, 'graph', { depth, priority })
    const all = [...allNodes(graph)]
    if (all.length > mostNodes) throw bad('graph.nodes', `expected at most ${mostNodes} nodes, found ${all.length}`)
    checkGraph(graph, taken, readable)
    checkExpression(result, 'graph.result')
    const inside = new Set([...readable.nodes, ...graph.nodes.map(({ id }) => id)])
    checkRead('graph.result', result, { nodes: inside, loops: readable.loops })
    for (const node of all) {
      if (allow && node.kind === 'task' && !allow.includes(node.capability))
        throw bad(`node "${node.id}"`, `may not ask for ${node.capability}; allowed are ${allow.join(', ')}`)
    }
    return { graph, result }
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'terminal' || failure.code === 'BAD_GRAPH') throw failure
    throw new Terminal('BAD_GRAPH', `${failure.code}: ${failure.message}`, { hint: failure.hint, cause: failure })
  }
}

const bad = (place: string, what: string): Terminal => new Terminal('BAD_GRAPH', `${place}: ${what}`)
const shown = (value: Json | undefined): string => JSON.stringify(value ?? null).slice(0, 100)

function object(value: Json | undefined, place: string): { [key: string]: Json } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw bad(place, `expected an object, found ${shown(value)}`)
}

function list(value: Json | undefined, place: string): Json[] {
  if (Array.isArray(value)) return value
  throw bad(place, `expected a list, found ${shown(value)}`)
}

const text: Reader = (value, place) => {
  if (typeof value === 'string' && value.length <= 1_000) return value
  throw bad(place, `expected a text of up to 1,000 characters, found ${shown(value)}`)
}
const texts: Reader = (value, place, context) =>
  list(value, place).map((one, i) => text(one, `${place}[${i}]`, context) as string)
const flag: Reader = (value, place) => {
  if (typeof value === 'boolean') return value
  throw bad(place, `expected true or false, found ${shown(value)}`)
}
const count =
  (least: number): Reader =>
  (value, place) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
    throw bad(place, `expected a whole number from ${least}, found ${shown(value)}`)
  }
const choice =
  (...values: string[]): Reader =>
  (value, place) => {
    if (typeof value === 'string' && values.includes(value)) return value
    throw bad(place, `expected one of ${values.join(', ')}, found ${shown(value)}`)
  }
const expression: Reader = (value, place) => {
  if (value !== undefined) return (checkExpression(value, place), value)
  throw bad(place, 'expected an expression, found nothing')
}
const expressions: Reader = (value, place) => {
  const members = object(value, place)
  checkExpression(members, place)
  return members
}
const retry: Reader = (value, place, context) => {
  const { attempts, backoffMs } = object(value, place)
  return {
    attempts: count(1)(attempts, `${place}.attempts`, context),
    backoffMs: list(backoffMs, `${place}.backoffMs`).map((one, i) =>
      count(0)(one, `${place}.backoffMs[${i}]`, context),
    ),
  } as Retry
}
const or =
  (otherwise: unknown, read: Reader): Reader =>
  (value, place, context) =>
    value === undefined ? otherwise : read(value, place, context)
const maybe = (read: Reader): Reader => or(undefined, read)
const record =
  (fields: Fields): Reader =>
  (value, place, context) =>
    readFields(object(value, place), fields, place, context)
const each =
  (read: Reader): Reader =>
  (value, place, context) =>
    list(value, place).map((one, i) => read(one, `${place}[${i}]`, context))
const inner: Reader = (value, place, context) => readGraph(value, place, { ...context, depth: context.depth + 1 })

const base: Fields = { id: text, kind: text, after: texts, when: maybe(expression), set: maybe(expressions) }

const kinds: { [K in Exclude<NodeKind, 'end'>]: Fields } = {
  task: {
    capability: text,
    input: or({}, expression),
    priority: (value, place, context) => (value === undefined ? context.priority : expression(value, place, context)),
    timeoutMs: or(defaultTimeoutMs, count(1)),
    overdueMs: or(defaultOverdueMs, count(1)),
    retry: or(defaultRetry, retry),
    tolerates: or('nothing', (value, place, context) =>
      Array.isArray(value) ? texts(value, place, context) : choice('nothing', 'anything')(value, place, context),
    ),
    expect: maybe(expression),
    undo: maybe(
      record({
        capability: text,
        input: expression,
        timeoutMs: or(defaultTimeoutMs, count(1)),
        retry: maybe(retry),
        overdueMs: maybe(count(1)),
      }),
    ),
  },
  wait: {
    signals: or([], texts),
    interrupts: or([], texts),
    timeoutMs: or(null, expression),
    until: maybe(expression),
    reason: or('a signal or a time', text),
    newTrace: or(false, flag),
  },
  approval: {
    reason: expression,
    approvers: text,
    timeoutMs: or(null, expression),
    onTimeout: or('reject', choice('reject', 'approve', 'fail')),
  },
  branch: { cases: each(record({ when: expression, graph: inner, result: or(null, expression) })) },
  loop: { initial: or(null, expression), graph: inner, next: or(null, expression), until: expression, max: count(1) },
  parallel: { branches: each(record({ name: text, graph: inner, result: or(null, expression) })) },
  map: {
    over: expression,
    concurrency: or(10, count(1)),
    onFailure: or('fail', choice('fail', 'collect')),
    graph: inner,
    result: or(null, expression),
  },
  child: {
    definition: text,
    version: count(1),
    input: or({}, expression),
    attributes: or({}, expressions),
    onParentClose: or('cancel', choice('cancel', 'abandon')),
  },
  generated: {
    graph: expression,
    priority: (value, place, context) => (value === undefined ? context.priority : expression(value, place, context)),
    allow: maybe(texts),
  },
  value: { value: or(null, expression) },
  checkpoint: { name: text },
  commit: {},
}

function readFields(value: { [key: string]: Json }, fields: Fields, place: string, context: Context): object {
  for (const name in value) if (!Object.hasOwn(fields, name)) throw bad(`${place}.${name}`, 'there is no such field')
  const read: { [name: string]: unknown } = {}
  for (const name in fields) {
    const field = (fields[name] as Reader)(value[name], `${place}.${name}`, context)
    if (field !== undefined) read[name] = field
  }
  return read
}

function readGraph(value: Json | undefined, place: string, context: Context): Graph {
  if (context.depth > mostDeep) throw bad(place, `expected at most ${mostDeep} graphs inside each other`)
  const { nodes, ...rest } = object(value, place)
  for (const name in rest) throw bad(`${place}.${name}`, 'there is no such field')
  const listed = list(nodes, `${place}.nodes`)
  if (listed.length > mostNodes)
    throw bad(`${place}.nodes`, `expected at most ${mostNodes} nodes, found ${listed.length}`)
  const graph: Graph = { nodes: [] }
  listed.forEach((one, i) => {
    const at = `${place}.nodes[${i}]`
    const given = object(one, at)
    const before = graph.nodes.at(-1)
    const node = { after: before ? [before.id] : [], ...given }
    const { kind } = given
    const own = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind as keyof typeof kinds] : undefined
    if (!own) throw bad(`${at}.kind`, `expected one of ${Object.keys(kinds).join(', ')}, found ${shown(kind)}`)
    graph.nodes.push(readFields(node, { ...base, ...own }, at, context) as Graph['nodes'][number])
  })
  return graph
}
