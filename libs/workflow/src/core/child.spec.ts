import { describe, expect, test } from '@jest/globals'
import { Terminal } from '@pitcrew/errors'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { ne } from '../definition/reference.ts'
import { capability, everyCrash, Harness, type Agents } from '../testing/index.ts'
import { childId } from './child.ts'

const inspect = capability<{ part: string }, { ok: boolean }>('inspect')

const child = defineWorkflow<{ part: string }, { ok: boolean; part: string }>(
  'visit',
  1,
  plainLifecycle,
  (flow, input) => {
    flow.wait('arrival', { signals: ['arrived'], timeoutMs: 3_600_000, reason: 'the vehicle' })
    const { ok } = flow.task('inspect', inspect, { input: { part: input.part } })
    return { ok, part: input.part }
  },
)

const parentOf = (onParentClose: 'cancel' | 'abandon' = 'cancel') =>
  defineWorkflow<{ part: string }, boolean>('parent', 1, plainLifecycle, (flow, input) => {
    const visit = flow.child('visit', child, {
      input: { part: input.part },
      attributes: { part: input.part },
      onParentClose,
    })
    flow.task('thank', inspect, { input: { part: visit.part }, when: ne(visit.ok, false) })
    return visit.ok
  })

const agents: Agents = { inspect: ({ part }: { part: string }) => ({ ok: part !== 'rusty' }) }
const id = childId('w', 'visit', 1)

async function begun(definition = parentOf(), withAgents = agents): Promise<Harness> {
  const harness = await Harness.start([definition, child], withAgents)
  await harness.run(definition, 'w', { part: 'brake' })
  return harness
}

describe('F2 a child workflow', () => {
  test('F2 runs under an id of its own and gives its result to its parent', async () => {
    const harness = await begun()
    expect(id).toMatch(/^w-visit-[0-9a-f]{20}$/)
    expect(harness.state(id)).toMatchObject({
      status: 'running',
      attributes: { part: 'brake' },
      parent: { id: 'w', path: 'visit' },
    })
    expect(harness.lastView('w')?.active).toEqual(['visit'])
    await harness.signal(id, 'arrived', {})
    expect(await harness.ending(id)).toMatchObject({ output: { ok: true, part: 'brake' } })
    expect(await harness.ending('w')).toMatchObject({ status: 'completed', output: true })
    expect(harness.partition.size).toBe(0)
    expect(harness.history(id).map(({ type }) => type)).toEqual([
      'started',
      'signalled',
      'task-succeeded',
      'parent-told',
    ])
  })

  test('F2 that fails fails its node; a retry by a person starts another one', async () => {
    let broken = true
    const harness = await begun(parentOf(), {
      inspect: () => {
        if (broken) throw new Terminal('NO_LIFT', 'the lift is broken')
        return { ok: true }
      },
    })
    await harness.signal(id, 'arrived', {})
    expect(await harness.ending('w')).toMatchObject({
      status: 'failed',
      failure: {
        code: 'CHILD_FAILED',
        node: 'visit',
        message: `workflow ${id} is failed: NO_LIFT: the lift is broken`,
      },
    })
    broken = false
    await harness.submit('w', { type: 'retried', by: 'test' })
    await harness.settle()
    const second = childId('w', 'visit', 2)
    expect(harness.state(second)?.status).toBe('running')
    // The first one is opened again as well, but nobody waits for it any more.
    await harness.submit(id, { type: 'retried', by: 'test' })
    await harness.settle()
    expect(harness.state('w')?.status).toBe('running')
    await harness.signal(second, 'arrived', {})
    expect(await harness.ending('w')).toMatchObject({ status: 'completed', output: true })
    expect(harness.partition.size).toBe(0)
  })

  test('F3 is cancelled with its parent, which stays known until the child has said so', async () => {
    const harness = await begun()
    await harness.submit('w', { type: 'cancelled', reason: 'sold', by: 'test' })
    expect(harness.state('w')).toMatchObject({ status: 'cancelled', orphans: [{ id, path: 'visit' }] })
    await harness.settle()
    expect(await harness.ending(id)).toMatchObject({ status: 'cancelled' })
    expect(harness.partition.size).toBe(0)
  })

  test('F3 that is given up before it was started never begins', async () => {
    const harness = await Harness.start([parentOf(), child], agents)
    const start = {
      type: 'started',
      definition: 'visit',
      version: 1,
      input: null,
      parent: { id: 'w', path: 'visit' },
    } as const
    await harness.submit('late', { ...start, cancelled: 'sold' })
    await harness.submit('late', start)
    await harness.settle()
    expect(await harness.ending('late')).toMatchObject({ status: 'cancelled' })
    expect(harness.history('late').map(({ type }) => type)).toEqual(['started', 'parent-told'])
  })

  test('F3 goes on without its parent when it is told so', async () => {
    const harness = await begun(parentOf('abandon'))
    await harness.submit('w', { type: 'terminated', reason: 'sold', by: 'test' })
    await harness.settle()
    expect(harness.state(id)?.status).toBe('running')
    await harness.signal(id, 'arrived', {})
    expect(await harness.ending(id)).toMatchObject({ status: 'completed' })
    expect(harness.partition.size).toBe(0)
  })

  test('F2 that cannot be started fails its node', async () => {
    const definition = parentOf()
    const harness = await Harness.start([definition], agents)
    await harness.run(definition, 'w', { part: 'brake' })
    expect(await harness.ending('w')).toMatchObject({ status: 'failed', failure: { code: 'CHILD_FAILED' } })
  })

  test('F3 that is cancelled or terminated by somebody else fails its node', async () => {
    for (const type of ['cancelled', 'terminated'] as const) {
      const harness = await begun()
      await harness.submit(id, { type, reason: '', by: 'test' })
      await harness.settle()
      expect(await harness.ending('w')).toMatchObject({
        status: 'failed',
        failure: { code: 'CHILD_CANCELLED', message: `workflow ${id} is cancelled: ${type}` },
      })
    }
  })

  test('F4 an end that is told twice, or of a child that nobody knows, changes nothing', async () => {
    const harness = await begun()
    const ended = { type: 'child-ended', path: 'visit', status: 'completed', outcome: '', output: null } as const
    await harness.submit('w', { ...ended, childId: 'another' })
    expect(harness.state('w')?.nodes.visit).toMatchObject({ is: 'child' })
    await harness.submit(id, { type: 'parent-told' })
    expect(harness.history(id)).toHaveLength(1)
  })

  test('N1 a parent and its children end alike wherever the process dies', async () => {
    const definition = defineWorkflow<unknown, boolean[]>('family', 1, plainLifecycle, (flow) => {
      const parts = flow.value('parts', ['brake', 'rusty'])
      return flow.map('visits', { over: parts, concurrency: 2 }, (one, part) => {
        return one.child('visit', child, { input: { part } }).ok
      })
    })
    const runs = await everyCrash(
      [definition, child],
      () => agents,
      async (harness) => {
        await harness.run(definition, 'w', {})
        for (const i of [0, 1]) await harness.signal(childId('w', `visits[1].${i}/visit`, 1), 'arrived', {}, `s${i}`)
        expect(await harness.ending('w')).toMatchObject({ status: 'completed', output: [true, false] })
        expect(harness.partition.size).toBe(0)
      },
    )
    expect(runs).toBeGreaterThan(20)
  })

  test('N1 a cancelled parent takes its child along wherever the process dies', async () => {
    const definition = parentOf()
    await everyCrash(
      [definition, child],
      () => agents,
      async (harness) => {
        await harness.submit('w', { type: 'started', definition: 'parent', version: 1, input: { part: 'brake' } })
        await harness.submit('w', { type: 'cancelled', reason: '', by: 'test' })
        await harness.settle()
        expect(await harness.ending('w')).toMatchObject({ status: 'cancelled' })
        expect(await harness.ending(id)).toMatchObject({ status: 'cancelled' })
        expect(harness.partition.size).toBe(0)
      },
    )
  })

  test('does not compile with a wrong input or result', () => {
    defineWorkflow<{ size: number }>('wrong', 1, plainLifecycle, (flow, input) => {
      // @ts-expect-error a number is no text
      flow.child('a', child, { input: { part: input.size } })
      // @ts-expect-error there is no such field
      flow.child('b', child, { input: { name: 'x' } })
      const { ok } = flow.child('c', child, { input: { part: 'x' } })
      // @ts-expect-error a flag is no text
      flow.task('d', inspect, { input: { part: ok } })
    })
    // @ts-expect-error the result is no number
    defineWorkflow<unknown, number>('wrong-result', 1, plainLifecycle, () => 'text')
  })
})

test('a child id is short whatever its parent is called, and another one for every run', () => {
  const parent = 'p'.repeat(300)
  const ids = [
    childId(parent, 'a[1]/b', 1),
    childId(parent, 'a[1]/b', 2),
    childId(parent, 'a[2]/b', 1),
    childId('p', 'b', 1),
  ]
  expect(new Set(ids).size).toBe(4)
  for (const one of ids) expect(one.length).toBeLessThanOrEqual(80)
})
