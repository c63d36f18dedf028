/** For tests: definitions of any shape, from a seed. */
import type { Definition, Graph, Node } from '../definition/definition.ts'
import type { Random } from '../testing/random.ts'

const phases = ['PENDING', 'WORKING', 'CHECKING', 'COMPLETED']

export function anyDefinition(random: Random): Definition {
  const next = Object.fromEntries(phases.map((phase) => [phase, phases]))
  const lifecycle = { initial: 'PENDING', completed: 'COMPLETED', failed: 'FAILED', retry: 'RETRY', next }
  let made = 0
  const id = () => `${random.pick(['look', 'ask', 'hold-the-slot', 'end'])}-${++made}`
  return { name: 'any', version: 1, lifecycle, graph: anyGraph(random, id, 0) }
}

function anyGraph(random: Random, id: () => string, depth: number): Graph {
  const nodes: Node[] = []
  const count = depth === 0 ? 1 + random.below(9) : random.below(5)
  for (let i = 0; i < count; i++) {
    const after = nodes.filter(() => random.chance(0.35)).map((node) => node.id)
    const base = {
      id: id(),
      after,
      ...(random.chance(0.3) && { when: { $op: ['lt', { $input: ['level'] }, 3] } }),
      ...(random.chance(0.3) && { phase: random.pick(phases) as string }),
    }
    nodes.push(anyNode(random, base, id, depth))
  }
  return { nodes }
}

type Base = Pick<Node, 'id' | 'after' | 'when' | 'phase'>

function anyNode(random: Random, base: Base, id: () => string, depth: number): Node {
  if (depth < 3 && random.chance(0.25)) return anyGroup(random, base, id, depth)
  const timed = { timeoutMs: 1_000, reason: 'news' }
  const leaves: Node[] = [
    {
      ...base,
      kind: 'task',
      capability: random.chance(0.5) ? 'a.b' : 'a-domain-of-its-own.a-rather-long-name-of-what-it-does',
      input: null,
      priority: 3,
      overdueMs: 1_000,
      timeoutMs: 1_000,
      retry: { attempts: 1, backoffMs: [] },
      tolerates: 'nothing',
    },
    { ...base, ...timed, kind: 'wait', signals: ['reply'], interrupts: [], newTrace: false },
    { ...base, ...timed, kind: 'approval', approvers: 'approver', onTimeout: 'reject' },
    { ...base, kind: 'child', definition: 'other', version: 1, input: null, attributes: {}, onParentClose: 'cancel' },
    { ...base, kind: 'generated', graph: null, priority: 3 },
    { ...base, kind: 'value', value: 1 },
    { ...base, kind: 'checkpoint', name: 'before & after <it>' },
    { ...base, kind: 'commit' },
    { ...base, kind: 'end', outcome: 'done', undo: false },
  ]
  return random.pick(leaves) as Node
}

function anyGroup(random: Random, base: Base, id: () => string, depth: number): Node {
  const graph = () => anyGraph(random, id, depth + 1)
  const groups: (() => Node)[] = [
    () => ({ ...base, kind: 'loop', initial: 0, graph: graph(), next: 0, until: true, max: 3 }),
    () => ({ ...base, kind: 'map', over: [], concurrency: 4, onFailure: 'fail', graph: graph(), result: null }),
    () => ({
      ...base,
      kind: 'parallel',
      branches: ['left', 'right', 'third'].map((name) => ({ name, graph: graph(), result: null })),
    }),
    () => ({
      ...base,
      kind: 'branch',
      cases: [{ $op: ['eq', { $input: ['kind'] }, 'a "b" <c>'] }, true].map((when) => ({
        when,
        graph: graph(),
        result: null,
      })),
    }),
  ]
  return (random.pick(groups) as () => Node)()
}
