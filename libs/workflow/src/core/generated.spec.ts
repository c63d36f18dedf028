import { describe, expect, test } from '@jest/globals'
import { defineWorkflow } from '../definition/define.ts'
import type { Json } from '../definition/json.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import type { GeneratedGraph } from '../definition/options.ts'
import { capability, everyCrash, Harness, type Agents } from '../testing/index.ts'

const plan = capability<{ goal: string }, GeneratedGraph>('plan')
const look = capability<{ at: string }, { seen: number }>('look')

const planned = defineWorkflow<{ goal: string }, unknown>('planned', 1, plainLifecycle, (flow, input) => {
  const graph = flow.task('plan', plan, { input: { goal: input.goal } })
  return flow.generated<number>('carry-out', { graph, allow: [look] })
})

const agents = (graph: Json): Agents => ({
  plan: () => graph,
  look: ({ at }: { at: string }) => ({ seen: String(at).length }),
})

async function run(graph: Json): Promise<Harness> {
  const harness = await Harness.start([planned], agents(graph))
  await harness.run(planned, 'w', { goal: 'find out' })
  return harness
}

const node = (id: string, more: { [field: string]: Json } = {}): { [field: string]: Json } => ({
  id,
  kind: 'task',
  capability: 'look',
  input: { at: id },
  ...more,
})

describe('F2 a graph made at run time', () => {
  test('F2 runs what a task gave, reading what was there before, and gives its own result', async () => {
    const harness = await run({
      nodes: [
        node('first'),
        {
          id: 'both',
          kind: 'parallel',
          branches: [{ name: 'a', graph: { nodes: [node('left')] }, result: { $ref: ['left', 'seen'] } }],
        },
        {
          id: 'all',
          kind: 'map',
          over: ['x', 'yy'],
          graph: { nodes: [node('each', { input: { at: { $item: ['all'] } } })] },
          result: { $ref: ['each', 'seen'] },
        },
        { id: 'answer', kind: 'wait', signals: ['go'] },
      ],
      result: {
        goal: { $input: ['goal'] },
        first: { $ref: ['first', 'seen'] },
        both: { $ref: ['both'] },
        all: { $ref: ['all'] },
        planned: { $op: ['length', { $ref: ['plan', 'nodes'] }] },
      },
    })
    expect(harness.lastView('w')?.active).toEqual(['carry-out[1]/answer'])
    await harness.signal('w', 'go', {})
    expect((await harness.ending('w')).output).toEqual({
      goal: 'find out',
      first: 5,
      both: { a: 4 },
      all: [1, 2],
      planned: 4,
    })
  })

  test('F2 goes on after a restart, which finds the graph in the state', async () => {
    const graph = {
      nodes: [node('first'), { id: 'answer', kind: 'wait', signals: ['go'] }, node('last')],
      result: { $ref: ['last', 'seen'] },
    }
    await everyCrash(
      [planned],
      () => agents(graph),
      async (harness) => {
        await harness.run(planned, 'w', { goal: '' })
        await harness.restart()
        await harness.signal('w', 'go', {}, 's')
        expect((await harness.ending('w')).output).toBe(4)
      },
    )
  })

  test('F2 may lie inside of another one, up to a depth', async () => {
    const inner = (depth: number): Json =>
      depth === 0
        ? { nodes: [node('core')], result: { $ref: ['core', 'seen'] } }
        : {
            nodes: [{ id: `level-${depth}`, kind: 'generated', graph: { $literal: inner(depth - 1) } }],
            result: { $ref: [`level-${depth}`] },
          }
    expect(await (await run(inner(3))).ending('w')).toMatchObject({ status: 'completed', output: 4 })
    expect(await (await run(inner(8))).ending('w')).toMatchObject({
      status: 'failed',
      failure: { code: 'BAD_GRAPH', message: expect.stringMatching(/at most 8 graphs inside each other/) },
    })
  })

  test.each<[string, RegExp, Json]>([
    ['that is no graph', /graph: expected an object, found null/, null],
    [
      'with a kind that does not exist',
      /graph\.nodes\[1\]\.kind: expected one of task, wait/,
      { nodes: [node('a'), { id: 'b', kind: 'magic' }] },
    ],
    [
      'with a field that does not exist',
      /graph\.nodes\[0\]\.colour: there is no such field/,
      { nodes: [node('a', { colour: 1 })] },
    ],
    [
      'with a field of another type',
      /graph\.nodes\[0\]\.timeoutMs: expected a whole number from 1/,
      { nodes: [node('a', { timeoutMs: 'long' })] },
    ],
    [
      'with an expression that is none',
      /graph\.nodes\[0\]\.input: there is no expression \$eval/,
      { nodes: [node('a', { input: { $eval: 'x' } })] },
    ],
    ['with an id of the definition', /DOUBLED_NODE.*"plan"/, { nodes: [node('plan')] }],
    [
      'with a cycle',
      /CYCLE.*a → b → a|CYCLE.*b → a → b/,
      { nodes: [node('a', { after: ['b'] }), node('b', { after: ['a'] })] },
    ],
    [
      'that reads what has not ended',
      /UNREACHABLE_READ.*"b"/,
      { nodes: [node('a', { input: { at: { $ref: ['b'] } } }), node('b')] },
    ],
    ['that reads what it may not see', /UNREACHABLE_READ.*"carry-out"/, { nodes: [], result: { $ref: ['carry-out'] } }],
    [
      'that ends the workflow',
      /kind: expected one of/,
      { nodes: [{ id: 'stop', kind: 'end', outcome: 'x', undo: false }] },
    ],
    ['that changes the phase', /phase: there is no such field/, { nodes: [node('a', { phase: 'DONE' })] }],
    [
      'that asks for what it may not',
      /node "a": may not ask for plan; allowed are look/,
      { nodes: [node('a', { capability: 'plan' })] },
    ],
    [
      'that is too large',
      /at most 200 nodes, found 201/,
      { nodes: Array.from({ length: 201 }, (_, i) => node(`n${i}`)) },
    ],
  ])('F2 is refused before anything runs: %s', async (_, message, graph) => {
    const harness = await run(graph)
    expect(await harness.ending('w')).toMatchObject({
      status: 'failed',
      failure: { code: 'BAD_GRAPH', node: 'carry-out', message: expect.stringMatching(message) },
    })
    expect(harness.history('w').filter(({ type }) => type === 'task-succeeded')).toHaveLength(1)
  })

  test.each([true, false])('F2 is shown to a person first if wanted, who says %p', async (approved) => {
    const definition = defineWorkflow<{ goal: string }, { seen: number | null }>(
      'shown',
      1,
      plainLifecycle,
      (flow, input) => {
        const graph = flow.task('plan', plan, { input: { goal: input.goal } })
        const { result } = flow.generatedOnApproval<number>('carry-out', {
          graph,
          approval: { reason: 'a plan', approvers: 'planner', timeoutMs: null, onTimeout: 'reject' },
        })
        return { seen: result }
      },
    )
    const harness = await Harness.start([definition], agents({ nodes: [node('a')], result: { $ref: ['a', 'seen'] } }))
    await harness.run(definition, 'w', { goal: '' })
    expect(harness.state('w')?.values).toMatchObject({ plan: { nodes: [{ id: 'a' }] } })
    await harness.decide('w', 'carry-out-approval', approved)
    expect((await harness.ending('w')).output).toEqual({ seen: approved ? 1 : null })
  })

  test('does not compile from what is no graph', () => {
    defineWorkflow('wrong', 1, plainLifecycle, (flow) => {
      const { seen } = flow.task('look', look, { input: { at: '' } })
      // @ts-expect-error a number is no graph
      const result = flow.generated<number>('generated', { graph: seen })
      // @ts-expect-error a number is no text
      flow.task('again', look, { input: { at: result } })
    })
  })
})
