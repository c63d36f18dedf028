import { describe, expect, test } from '@jest/globals'
import { Terminal } from '@pitcrew/errors'
import type { RootFlow } from '../definition/define.ts'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle, type Lifecycle } from '../definition/lifecycle.ts'
import { capability, Harness, type Agents } from '../testing/index.ts'

const hold = capability<{ name: string }, { id: string }>('hold')
const release = capability<{ id: string }, null>('release')
const look = capability<{ at: string }, null>('look')

const undo = (held: { id: unknown }) => ({ capability: release, input: { id: held.id } })
const define = (build: (flow: RootFlow) => void, lifecycle: Lifecycle = plainLifecycle) =>
  defineWorkflow('checkpoints', 1, lifecycle, build)

function world(over: Agents = {}): { done: string[]; agents: Agents } {
  const done: string[] = []
  const agents: Agents = {
    hold: ({ name }: { name: string }) => (done.push(`hold ${name}`), { id: name }),
    release: ({ id }: { id: string }) => (done.push(`release ${id}`), null),
    look: ({ at }: { at: string }) => (done.push(`look ${at}`), null),
    ...over,
  }
  return { done, agents }
}

const reset = (to: string) => ({ type: 'reset', to, reason: 'the customer called', by: 'ada' }) as const

const booking = define((flow) => {
  flow.task('one', hold, { input: { name: 'one' }, undo })
  flow.checkpoint('agreed', { name: 'what was agreed' })
  flow.task('two', hold, { input: { name: 'two' }, undo })
  flow.task('three', hold, { input: { name: 'three' }, undo })
  flow.wait('answer', { signals: ['go'], timeoutMs: 60_000, reason: 'go' })
  flow.task('last', look, { input: { at: 'last' } })
})

describe('F3 a checkpoint', () => {
  test('F3 can be gone back to: what came after it is undone in reverse order and runs anew, the reason is kept', async () => {
    const { done, agents } = world()
    const harness = await Harness.start([booking], agents)
    await harness.run(booking, 'w', {})
    await harness.submit('w', reset('agreed'))
    await harness.settle()
    expect(done).toEqual([
      'hold one',
      'hold two',
      'hold three',
      'release three',
      'release two',
      'hold two',
      'hold three',
    ])
    expect(harness.state('w')).toMatchObject({
      status: 'running',
      phase: 'PENDING',
      nodes: { answer: { is: 'waiting' } },
      resets: [{ to: 'agreed', reason: 'the customer called', by: 'ada' }],
      undone: [
        { path: 'three', attempts: 1 },
        { path: 'two', attempts: 1 },
      ],
    })
    await harness.signal('w', 'go', {})
    expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
    expect(done.at(-1)).toBe('look last')
  })

  test('F3 of what is paused leaves it paused; what failed opens again, with all that its failure undid', async () => {
    let broken = true
    const { done, agents } = world({
      look: () => {
        if (broken) throw new Terminal('BROKEN', '')
        return null
      },
    })
    const harness = await Harness.start([booking], agents)
    await harness.run(booking, 'w', {})
    await harness.submit('w', { type: 'paused', reason: '', by: 'test' })
    await harness.submit('w', reset('agreed'))
    await harness.settle()
    expect(done.slice(3)).toEqual(['release three', 'release two'])
    expect(harness.state('w')?.status).toBe('paused')
    await harness.submit('w', { type: 'resumed', by: 'test' })
    await harness.settle()
    await harness.signal('w', 'go', {})
    expect(harness.state('w')).toMatchObject({ status: 'failed', failure: { code: 'BROKEN' } })
    done.length = 0
    broken = false
    await harness.submit('w', reset('agreed'))
    await harness.settle()
    expect(done).toEqual(['hold one', 'hold two', 'hold three'])
    await harness.signal('w', 'go', {})
    expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
  })

  test('F3 takes back what is under way after it, and no attempt counts twice', async () => {
    const { agents } = world()
    const harness = await Harness.start([booking], agents)
    await harness.submit('w', { type: 'started', definition: 'checkpoints', version: 1, input: {} })
    const take = async (): Promise<{ path: string; attempt: number }> => {
      const task = harness.tasks.take()
      await harness.perform(task as NonNullable<typeof task>)
      return task as NonNullable<typeof task>
    }
    await take()
    await harness.submit('w', reset('agreed'))
    expect(harness.tasks.cancelled).toEqual([{ workflowId: 'w', path: 'two', attempt: 1 }])
    expect(harness.tasks.tasks).toMatchObject([{ path: 'two', attempt: 2 }])
    await take()
    await take()
    await harness.submit('w', reset('agreed'))
    expect(await take()).toMatchObject({ path: '~three', attempt: 1 })
    expect(await take()).toMatchObject({ path: '~two', attempt: 1 })
    expect(await take()).toMatchObject({ path: 'two', attempt: 3 })
    await harness.submit('w', reset('agreed'))
    expect(await take()).toMatchObject({ path: '~two', attempt: 2 })
  })

  test('F3 leaves alone what runs beside it, and lets a failure there take effect afterwards', async () => {
    const beside = define((flow) => {
      flow.parallel<Record<'left' | 'right', null>>('both', {
        left: (side) => {
          side.checkpoint('mark')
          side.task('left', hold, { input: { name: 'left' }, undo })
          side.wait('left-answer', { signals: ['left'], timeoutMs: null, reason: '' })
          return null
        },
        right: (side) => {
          side.task('right', hold, { input: { name: 'right' }, undo })
          side.task('look', look, { input: { at: 'right' } })
          return null
        },
      })
    })
    const { done, agents } = world()
    const harness = await Harness.start([beside], agents)
    await harness.submit('w', { type: 'started', definition: 'checkpoints', version: 1, input: {} })
    for (let i = 0; i < 2; i++) await harness.perform(harness.tasks.take() as never)
    await harness.submit('w', reset('both[1].left/mark'))
    const look1 = harness.tasks.take('look') as never
    expect(harness.state('w')?.undoing).toMatchObject({ reset: { keep: 1 } })
    const failure = { kind: 'terminal', code: 'BROKEN', message: '' } as const
    await harness.submit('w', { type: 'task-failed', path: 'both[1].right/look', attempt: 1, failure, agent: 'a' })
    expect(look1).toMatchObject({ path: 'both[1].right/look' })
    expect(harness.state('w')?.undoing).toMatchObject({ reset: { keep: 1 } })
    await harness.settle()
    expect(done).toEqual(['hold left', 'hold right', 'release left', 'release right'])
    expect(await harness.ending('w')).toMatchObject({ status: 'failed', failure: { code: 'BROKEN' } })
  })

  test('F3 can be cancelled while it is set back', async () => {
    const { done, agents } = world()
    const harness = await Harness.start([booking], agents)
    await harness.run(booking, 'w', {})
    await harness.submit('w', reset('agreed'))
    await expect(harness.submit('w', reset('agreed'))).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' })
    await harness.submit('w', { type: 'cancelled', reason: '', by: 'ada' })
    await harness.settle()
    expect(done.slice(3)).toEqual(['release three', 'release two', 'release one'])
    expect(await harness.ending('w')).toMatchObject({ status: 'cancelled' })
  })

  test('F3 is refused with those that there are: not behind a commit, and not in a scope that has closed', async () => {
    const definition = define((flow) => {
      flow.checkpoint('first')
      flow.loop<number>('rounds', {
        initial: 0,
        max: 2,
        run: (round, _, index) => {
          round.checkpoint('round')
          round.wait('answer', { signals: ['go'], timeoutMs: null, reason: '' })
          return { next: index, until: false as never }
        },
      })
      flow.commit('paid')
      flow.checkpoint('second')
      flow.wait('end', { signals: ['end'], timeoutMs: null, reason: '' })
    })
    const harness = await Harness.start([definition], {})
    await harness.run(definition, 'w', {})
    const refused = (to: string) => expect(harness.submit('w', reset(to))).rejects
    await refused('rounds').toMatchObject({
      code: 'NO_CHECKPOINT',
      hint: 'it can be set back to first, rounds[1]/round',
    })
    await harness.signal('w', 'go', {})
    await refused('rounds[1]/round').toMatchObject({ hint: 'it can be set back to first, rounds[2]/round' })
    await harness.submit('w', reset('rounds[2]/round'))
    await harness.signal('w', 'go', {})
    await refused('first').toMatchObject({ hint: 'it can be set back to second' })
    await harness.signal('w', 'end', {})
    await refused('second').toMatchObject({ code: 'GONE' })
  })

  test('M1 brings back the phase that it was in', async () => {
    const lifecycle: Lifecycle = {
      ...plainLifecycle,
      next: {
        PENDING: ['DIAGNOSIS'],
        DIAGNOSIS: ['SCHEDULING'],
        SCHEDULING: ['COMPLETED'],
        COMPLETED: [],
        FAILED: [],
        RETRY: [],
      },
    }
    const definition = define((flow) => {
      flow.task('diagnose', look, { input: { at: '1' }, phase: 'DIAGNOSIS' })
      flow.checkpoint('diagnosed')
      flow.task('schedule', look, { input: { at: '2' }, phase: 'SCHEDULING' })
      flow.wait('answer', { signals: ['go'], timeoutMs: null, reason: '' })
    }, lifecycle)
    const phases: (string | undefined)[] = []
    const harness = await Harness.start([definition], { look: () => (phases.push(harness.state('w')?.phase), null) })
    await harness.run(definition, 'w', {})
    await harness.submit('w', reset('diagnosed'))
    await harness.settle()
    expect(phases).toEqual(['DIAGNOSIS', 'SCHEDULING', 'SCHEDULING'])
    await harness.signal('w', 'go', {})
    expect(harness.lastView('w')?.phase).toBe('COMPLETED')
  })
})
