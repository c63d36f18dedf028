import { describe, expect, test } from '@jest/globals'
import { compile } from '../core/compile.ts'
import type { NodeState } from '../core/state.ts'
import { defineWorkflow } from '../definition/define.ts'
import type { Flow } from '../definition/builder.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { eq, type Ref } from '../definition/reference.ts'
import { capability } from '../testing/capability.ts'
import { Harness, type Agents } from '../testing/harness.ts'
import { costOf, estimateProgress } from './estimate.ts'
import { measure, type Durations } from './measured.ts'

const work = capability<Record<string, never>, { enough: boolean }>('work')
const task = (flow: Flow, id: string, after?: string[]): Ref<{ enough: boolean }> =>
  flow.task(id, work, { input: {}, ...(after && { after }) })

/** prepare, then two side by side (slow: two in a row), then finish. */
const definition = defineWorkflow('costed', 1, plainLifecycle, (flow) => {
  task(flow, 'prepare')
  flow.parallel('both', {
    slow: (side) => (task(side, 'slow-one'), task(side, 'slow-two')),
    quick: (side) => task(side, 'quick'),
  })
  task(flow, 'finish')
})
const program = compile(definition)
const took = (p50Ms: number, p90Ms = p50Ms) => ({ count: 10, meanMs: p50Ms, p50Ms, p90Ms })
const durations: Durations = {
  prepare: took(100, 130),
  'slow-one': took(200, 240),
  'slow-two': took(300),
  quick: took(50),
  finish: took(400),
}
const ended: NodeState = { is: 'ended' }
const openScope: NodeState = { is: 'open', index: 1 }
const running = (sinceMs: number): NodeState => ({ is: 'running', attempt: 1, first: 1, due: sinceMs + 3_600_000 })
const at = (nodes: Record<string, NodeState>, now = 0, begun = {}) =>
  estimateProgress(program, { status: 'running', nodes }, durations, now, begun)

describe('C3 what a definition costs', () => {
  test('C3 the critical path goes through nested graphs by measured durations', () => {
    const cost = costOf(definition, durations)
    expect(cost.nodes).toEqual(['prepare', 'both', 'slow-one', 'slow-two', 'finish'])
    expect(cost.p50Ms).toBe(1_000)
    // Spreads of 30 and 40 ms, as of independent times: 50.
    expect(cost.p90Ms).toBeCloseTo(1_050)
    expect(cost.measured).toBeCloseTo(5 / 6)
  })

  test('C3 another branch becomes critical when it is the slower one', () => {
    expect(costOf(definition, { ...durations, quick: took(900) }).nodes).toEqual(['prepare', 'both', 'quick', 'finish'])
  })

  test('C3 without durations it counts nodes', () => {
    expect(costOf(definition, {})).toMatchObject({ p50Ms: 4, measured: 0 })
  })

  test('C3 durations are measured with mean, median and 90 % quantile, a skipped run as 0', () => {
    const runs = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 0].map((durationMs) => ({ node: 'a', durationMs }))
    expect(measure([...runs, { node: 'b', durationMs: 7 }])).toEqual({
      a: { count: 11, meanMs: 50, p50Ms: 50, p90Ms: 90 },
      b: { count: 1, meanMs: 7, p50Ms: 7, p90Ms: 7 },
    })
  })
})

describe('F3 progress', () => {
  test('F3 weighs what is done by how long it takes', () => {
    // Of 1,050 ms of work in all.
    expect(at({}).percent).toBe(0)
    expect(at({ prepare: ended }).percent).toBe(Math.floor(10_000 / 1_050))
    const inside = { prepare: ended, both: openScope, 'both[1].slow/slow-one': ended, 'both[1].quick/quick': ended }
    expect(at(inside).percent).toBe(Math.floor(35_000 / 1_050))
    expect(at({ prepare: ended, both: ended }).percent).toBe(Math.floor(65_000 / 1_050))
  })

  test('F3 estimates what is left along the critical path', () => {
    expect(at({}).left).toEqual({ p50Ms: 1_000, p90Ms: 1_050 })
    const inside = { prepare: ended, both: openScope, 'both[1].slow/slow-one': ended, 'both[1].quick/quick': ended }
    expect(at(inside)).toMatchObject({ left: { p50Ms: 700 }, path: ['both', 'slow-two', 'finish'] })
  })

  test('F3 a running task counts by the time that it has had, never as done', () => {
    const running50 = at({ prepare: running(0) }, 50)
    expect(running50).toMatchObject({ percent: Math.floor(5_000 / 1_050), left: { p50Ms: 950 } })
    const late = at({ prepare: running(0) }, 90_000)
    expect(late).toMatchObject({ percent: Math.floor(9_500 / 1_050), left: { p50Ms: 900 } })
  })

  test('F3 falls back to the count of nodes where nothing is measured', () => {
    const estimate = estimateProgress(program, { status: 'running', nodes: { prepare: ended } }, {}, 0)
    expect(estimate).toMatchObject({ percent: 20, left: null })
  })

  test('F3 is complete when it is completed only', () => {
    const nodes = { prepare: ended, both: ended, finish: ended }
    expect(estimateProgress(program, { status: 'running', nodes }, {}, 0).percent).toBe(99)
    expect(estimateProgress(program, { status: 'completed', nodes: {} }, durations, 0)).toEqual({
      percent: 100,
      left: { p50Ms: 0, p90Ms: 0 },
      path: [],
    })
    expect(estimateProgress(program, { status: 'failed', nodes: {} }, durations, 0).left?.p50Ms).toBe(0)
  })

  test('F3 what took its time as a whole before is expected to do so again', () => {
    const whole = { ...durations, both: took(2_000) }
    expect(costOf(definition, whole).p50Ms).toBe(2_500)
    const nodes = { prepare: ended, both: openScope, 'both[1].quick/quick': running(0) }
    const estimate = estimateProgress(program, { status: 'running', nodes }, whole, 500, { both: 400 })
    expect(estimate.left?.p50Ms).toBe(1_900 + 400)
  })
})

describe('F3 progress of what runs many times', () => {
  const mapped = compile(
    defineWorkflow('mapped', 1, plainLifecycle, (flow, input: Ref<{ all: string[] }>) => {
      flow.map('each', { over: input.all, concurrency: 2 }, (one) => task(one, 'visit'))
    }),
  )
  const visit = { visit: took(100, 120) }
  const each = (results: number, active: number[]): NodeState => ({
    is: 'open',
    index: 1,
    each: { items: ['a', 'b', 'c', 'd', 'e'], results: Array<null>(results).fill(null), active },
  })

  test('F3 a map counts its elements, and the rounds that those that wait will take', () => {
    const nodes = { each: each(3, [2]), 'each[1].2/visit': running(0) }
    const estimate = estimateProgress(mapped, { status: 'running', nodes }, visit, 50)
    expect(estimate).toMatchObject({ percent: 50, left: { p50Ms: 50 + 100 }, path: ['each', 'visit'] })
  })

  test('F3 what an agent says of its progress counts', () => {
    const said: NodeState = { ...running(0), progress: { percent: 80 } } as NodeState
    const nodes = { each: each(5, [4]), 'each[1].4/visit': said }
    expect(estimateProgress(mapped, { status: 'running', nodes }, visit, 10).percent).toBe(95)
    expect(
      estimateProgress(mapped, { status: 'running', nodes: { ...nodes, each: each(3, [2]) } }, {}, 0).percent,
    ).toBe(40)
    const first = { each: each(1, [0]), 'each[1].0/visit': said }
    expect(estimateProgress(mapped, { status: 'running', nodes: first }, {}, 0).percent).toBe(16)
  })
})

test('F3 progress of a real run never goes back, through branches, parallel graphs and iterations', async () => {
  const looping = defineWorkflow('looping', 1, plainLifecycle, (flow) => {
    task(flow, 'first')
    flow.loop<boolean>('again', {
      initial: false,
      max: 5,
      run: (pass, _, index) => {
        pass.parallel('sides', { left: (side) => task(side, 'left'), right: (side) => task(side, 'right') })
        pass.branch('odd', [{ when: eq(index, 1), run: (side) => task(side, 'only-once') }])
        const { enough } = task(pass, 'judge')
        return { next: enough, until: eq(enough, true) }
      },
    })
    task(flow, 'last')
  })
  let passes = 0
  const agents: Agents = { work: (_, { path }) => ({ enough: path.endsWith('judge') && ++passes === 3 }) }
  for (const known of [{} as Durations, { left: took(100), judge: took(500, 900), first: took(10) }]) {
    passes = 0
    const harness = await Harness.start([looping], agents)
    await harness.submit('w', { type: 'started', definition: 'looping', version: 1, input: null })
    const seen: number[] = []
    for (let next = harness.tasks.take(); next; next = harness.tasks.take()) {
      const state = harness.state('w')
      if (state) seen.push(estimateProgress(compile(looping), state, known, harness.clock.now()).percent)
      await harness.perform(next)
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen[0]).toBe(0)
    expect(new Set(seen).size).toBeGreaterThan(6)
    expect(harness.lastView('w')).toMatchObject({ status: 'completed' })
  }
})
