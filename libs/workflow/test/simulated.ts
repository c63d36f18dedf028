/** The workflows of the simulation: between them they have every kind of node. */
import { defineWorkflow, eq, ge, literal, ne, plainLifecycle, type Expr, type Flow, type Json } from '../src/index.ts'
import { capability } from '../src/testing/index.ts'

const work = capability<{ n: unknown }, { n: number }>('work')
const hold = capability<{ n: unknown }, { id: string }>('hold')
const release = capability<{ id: unknown }, null>('release')
const plan = capability<{ n: unknown }, { nodes: never[] }>('plan')

const undo = ({ id }: { id: unknown }) => ({ capability: release, input: { id } })

/** A saga in a loop, with a checkpoint, that people can change and migrate. */
const order = (version: number, names: { begin: string; rounds: string }) =>
  defineWorkflow('order', version, plainLifecycle, (flow) => {
    flow.task(names.begin, hold, { input: { n: 1 }, undo })
    const both = flow.parallel<Record<'left' | 'right', { n: number }>>('both', {
      left: (side) => side.task('left', work, { input: { n: 2 } }),
      right: (side) => side.task('right', work, { input: { n: 3 }, expect: ({ n }) => ge(n, 0) }),
    })
    flow.checkpoint('begun')
    if (version > 1) flow.task('added', work, { input: { n: 4 } })
    const round = flow.loop<number>(names.rounds, {
      initial: 0,
      max: 3,
      run: (inner, _, index) => inRound(inner, index),
    })
    flow.task('finish', work, { input: { n: both.left.n }, when: ge(round, 0) })
    flow.update<{ limit: number }, number>('set-limit', {
      when: ({ limit }) => ge(limit, 1),
      set: ({ limit }) => ({ limit }),
      result: ({ limit }) => limit,
    })
    return both.left
  })

function inRound(inner: Flow, index: Expr<number>): { next: Expr<number>; until: Expr<boolean> } {
  const held = inner.task('hold', hold, { input: { n: index }, undo })
  const answer = inner.wait<'yes' | 'no', null>('answer', {
    signals: ['yes', 'no'],
    timeoutMs: 60_000,
    reason: 'an answer',
  })
  inner.end('declined', 'declined', { when: eq(answer.signal, 'no'), undo: true })
  inner.task('give-back', release, { input: { id: held.id }, when: eq(answer.signal, null as never) })
  return { next: index, until: eq(answer.signal, 'yes') }
}

const leaf = defineWorkflow<{ n: number }, { n: number }>('leaf', 1, plainLifecycle, (flow, input) => {
  const { n } = flow.task('leaf-work', work, { input: { n: input.n } })
  flow.wait('leaf-answer', { signals: ['yes'], timeoutMs: 20_000, reason: 'an answer' })
  return { n }
})

/** Children in a map, and a person who decides. */
const family = defineWorkflow('family', 1, plainLifecycle, (flow) => {
  const all = flow.map('all', { over: literal([1, 2, 3]), concurrency: 2, onFailure: 'collect' }, (one, n) => {
    one.task('before', hold, { input: { n }, undo })
    const { n: done } = one.child('leaf', leaf, { input: { n } })
    return done
  })
  const decision = flow.approval('approve', {
    reason: 'the result',
    approvers: 'anybody',
    timeoutMs: 60_000,
    onTimeout: 'approve',
  })
  flow.branch('way', [
    {
      when: eq(decision.approved, true),
      run: (way) => way.child('extra', leaf, { input: { n: 9 }, onParentClose: 'abandon' }).n,
    },
    { when: true, run: (way) => (way.end('refused', 'refused', { undo: true }), 0) },
  ])
  return all
})

/** A plan that is made at run time, and a point of no return. */
const dynamic = defineWorkflow('dynamic', 1, plainLifecycle, (flow) => {
  const graph = flow.task('plan', plan, { input: { n: 1 } })
  flow.checkpoint('planned')
  const done = flow.generated<string>('carry-out', { graph })
  flow.sleep('rest', { seconds: 30 })
  flow.commit('paid')
  flow.task('last', work, { input: { n: 1 }, when: ne(done, '') })
})

const planned = {
  nodes: [
    {
      id: 'p-one',
      kind: 'task',
      capability: 'hold',
      undo: { capability: 'release', input: { id: { $ref: ['p-one', 'id'] } } },
    },
    { id: 'p-wait', kind: 'wait', signals: ['yes'], timeoutMs: 10_000 },
    {
      id: 'p-each',
      kind: 'map',
      over: [1, 2],
      concurrency: 1,
      graph: { nodes: [{ id: 'p-work', kind: 'task', capability: 'work' }] },
    },
  ],
  result: { $ref: ['p-one', 'id'] },
} as unknown as Json

export const definitions = [
  order(1, { begin: 'begin', rounds: 'rounds' }),
  order(2, { begin: 'start', rounds: 'turns' }),
  leaf,
  family,
  dynamic,
]
export const roots = ['order', 'family', 'dynamic']
export const mapping = { begin: 'start', rounds: 'turns' }

/** What agents answer. */
export function outputOf(capabilityName: string, path: string): Json {
  if (capabilityName === 'hold') return { id: `h-${path}` }
  if (capabilityName === 'plan') return planned
  return { n: 1 }
}
