import { describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from '@pitcrew/errors'
import type { RootFlow } from '../definition/define.ts'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle } from '../definition/lifecycle.ts'
import { add, eq, ge, now } from '../definition/reference.ts'
import { capability, Harness } from '../testing/index.ts'
import { compile } from './compile.ts'
import { admit, apply, born } from './decide.ts'
import type { EventType, WorkflowEvent } from './event.ts'
import type { WorkflowState } from './state.ts'

const look = capability<{ at: string }, { seen: number }>('look')
const hold = capability<{ n: number }, { id: string }>('hold')
const release = capability<{ id: string }, null>('release')
const undo = (held: { id: unknown }) => ({ capability: release, input: { id: held.id } })
const by = 'test'

const define = <I>(build: (flow: RootFlow, input: never) => void) =>
  defineWorkflow<I>('steered', 1, plainLifecycle, build as never)
const started = { type: 'started', definition: 'steered', version: 1, input: {} } as const

describe('M7 a workflow that is held', () => {
  const program = compile(define((flow) => void flow.wait('answer', { signals: ['go'], timeoutMs: 1_000, reason: '' })))
  const held = (): WorkflowState => {
    const event = { ...started, at: 0, hold: true }
    const state = born('w', program, event)
    expect(apply(program, state, event)).toEqual([])
    return state
  }

  test('M7 is pending and does nothing until it is admitted; what comes meanwhile is kept', () => {
    const state = held()
    expect(state).toMatchObject({ status: 'pending', nodes: {} })
    expect(apply(program, state, { type: 'signalled', at: 1, signal: 'go', signalId: 's', payload: 7 })).toEqual([])
    const admitted = { type: 'admitted', at: 2, factors: { urgency: 3 } } as const
    expect(admit(state, admitted).is).toBe('fits')
    apply(program, state, admitted)
    expect(state).toMatchObject({ status: 'completed', values: { answer: { payload: 7 } } })
  })

  test('M7 is admitted once', () => {
    const state = held()
    apply(program, state, { type: 'admitted', at: 2, factors: {} })
    expect(admit(state, { type: 'admitted', at: 3, factors: {} }).is).toBe('doubled')
  })

  test.each(['cancelled', 'terminated'] as const)('M7 can be %s', (type) => {
    const state = held()
    expect(apply(program, state, { type, at: 1, reason: '', by })).toEqual([])
    expect(state).toMatchObject({ status: 'cancelled', outcome: type })
  })
})

describe('F3 waits for a time', () => {
  test('F3 sleeps for a duration and until a date, written or in milliseconds', async () => {
    const definition = define<{ date: string }>((flow, input: never) => {
      flow.sleep('a-while', { hours: 1, minutes: 30 })
      flow.sleepUntil('the-date', (input as { date: never }).date)
      flow.sleepUntil('later', add(now, 5_000))
      flow.sleepUntil('long-ago', '1999-12-31T00:00:00Z')
      flow.sleep('zero', 0)
      // @ts-expect-error a flag is no date
      flow.sleepUntil('flag', eq(now, 1), { when: eq(now, 1) })
    })
    const harness = await Harness.start([definition], {})
    const begin = harness.clock.now()
    await harness.run(definition, 'w', { date: new Date(begin + 86_400_000).toISOString() })
    const due = (path: string): unknown => harness.state('w')?.nodes[path]
    expect(due('a-while')).toEqual({ is: 'waiting', due: begin + 5_400_000 })
    await harness.pass(5_400_000)
    expect(due('the-date')).toEqual({ is: 'waiting', due: begin + 86_400_000 })
    await harness.pass(86_400_000)
    expect(await harness.ending('w')).toMatchObject({ status: 'completed', endedAt: begin + 86_405_000 })
  })

  test('F3 a date that is none fails the node', async () => {
    const definition = define((flow) => flow.sleepUntil('never', 'tomorrow, perhaps'))
    const harness = await Harness.start([definition], {})
    await harness.run(definition, 'w', {})
    expect(await harness.ending('w')).toMatchObject({
      status: 'failed',
      failure: { code: 'BAD_EXPRESSION', node: 'never' },
    })
  })
})

describe('F3 giving up', () => {
  const twoSides = define((flow) => {
    flow.task('one', hold, { input: { n: 1 }, undo })
    flow.parallel('both', {
      left: (side) => side.task('left', look, { input: { at: 'left' } }),
      right: (side) => side.task('right', look, { input: { at: 'right' } }),
    })
  })
  const begun = async (): Promise<Harness> => {
    const harness = await Harness.start([twoSides], {
      hold: () => ({ id: 'x' }),
      release: () => null,
      look: () => {
        throw new Terminal('BROKEN', '')
      },
    })
    await harness.submit('w', started)
    await harness.perform(harness.tasks.take() as never)
    return harness
  }
  const given = (...sides: string[]) =>
    sides.map((side) => ({ workflowId: 'w', path: `both[1].${side}/${side}`, attempt: 1 }))

  test('F3 terminates at once and undoes nothing; agents are told to stop', async () => {
    const harness = await begun()
    await harness.submit('w', { type: 'terminated', reason: 'broken beyond repair', by })
    expect(harness.tasks.cancelled).toEqual(given('left', 'right'))
    expect(harness.tasks.tasks).toEqual([])
    expect(await harness.ending('w')).toMatchObject({ status: 'cancelled', outcome: 'terminated' })
  })

  test('F3 terminates while it undoes, and when it has failed', async () => {
    const harness = await begun()
    await harness.submit('w', { type: 'cancelled', reason: '', by })
    await harness.submit('w', { type: 'terminated', reason: '', by })
    expect(harness.tasks.cancelled.at(-1)).toEqual({ workflowId: 'w', path: '~one', attempt: 1 })
    const failed = await begun()
    await failed.settle()
    expect(failed.state('w')?.status).toBe('failed')
    await failed.submit('w', { type: 'terminated', reason: '', by })
    expect(await failed.ending('w')).toMatchObject({ status: 'cancelled', outcome: 'terminated' })
  })

  test('F3 tells the agents of the other branches when one fails or the workflow is cancelled', async () => {
    const harness = await begun()
    await harness.perform(harness.tasks.take() as never)
    expect(harness.tasks.cancelled).toEqual(given('right'))
    const other = await begun()
    await other.submit('w', { type: 'cancelled', reason: '', by })
    expect(other.tasks.cancelled).toEqual(given('left', 'right'))
  })

  test('F3 hands out nothing that the same event gives up again', async () => {
    const definition = define((flow) => {
      flow.wait('answer', { signals: ['go'], timeoutMs: null, reason: '' })
      flow.task('beside', look, { input: { at: '' }, after: ['answer'] })
      flow.end('stop', 'stopped', { after: ['answer'] })
    })
    const harness = await Harness.start([definition], {})
    await harness.submit('w', started)
    await harness.submit('w', { type: 'signalled', signal: 'go', signalId: 's', payload: null })
    expect([harness.tasks.tasks, harness.tasks.cancelled]).toEqual([[], []])
    expect(await harness.ending('w')).toMatchObject({ outcome: 'stopped' })
  })

  test('F3 tells the agent of a task that is overdue', async () => {
    const definition = define((flow) => void flow.task('slow', look, { input: { at: '' }, overdueMs: 5_000 }))
    const harness = await Harness.start([definition], {})
    await harness.submit('w', started)
    harness.tasks.take()
    await harness.clock.moveTo(harness.clock.now() + 5_000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(harness.tasks.cancelled).toEqual([{ workflowId: 'w', path: 'slow', attempt: 1 }])
  })

  test('F3 a failure during a pause takes effect when it goes on: nothing is undone meanwhile', async () => {
    const harness = await begun()
    await harness.submit('w', { type: 'paused', reason: '', by })
    await harness.settle()
    expect(harness.state('w')).toMatchObject({ status: 'paused', undo: [{ path: 'one' }] })
    await harness.submit('w', { type: 'resumed', by })
    await harness.settle()
    expect(await harness.ending('w')).toMatchObject({ status: 'failed', failure: { code: 'BROKEN' } })
  })
})

describe('C1 what an agent says of its task', () => {
  test('C1 progress is kept with the task, and only of the attempt that runs', async () => {
    const definition = define((flow) => void flow.task('one', look, { input: { at: '' } }))
    const harness = await Harness.start([definition], { look: () => ({ seen: 1 }) })
    await harness.submit('w', started)
    await harness.submit('w', { type: 'progressed', path: 'one', attempt: 1, percent: 140, note: 'nearly' })
    expect(harness.state('w')?.nodes.one).toMatchObject({ is: 'running', progress: { percent: 100, note: 'nearly' } })
    const stale = harness.submit('w', { type: 'progressed', path: 'one', attempt: 2, percent: 1 })
    await expect(stale).rejects.toMatchObject({ code: 'STALE_RESULT' })
    await harness.settle()
    expect(await harness.ending('w')).toMatchObject({ status: 'completed' })
  })

  test('C3 a result that is not what is expected counts as a failed attempt', async () => {
    const definition = define((flow) => {
      flow.task('one', look, { input: { at: '' }, expect: ({ seen }) => ge(seen, 3) })
      // @ts-expect-error the output has no such field
      flow.task('typed', look, { input: { at: '' }, expect: (output) => eq(output.size, 1) })
    })
    for (const [answers, ending] of [
      [[1, null, 3], { status: 'completed' }],
      [['x', 1, 1, 1], { status: 'failed', failure: { code: 'BAD_RESULT', node: 'one' } }],
    ] as const) {
      const given = [...answers]
      const harness = await Harness.start([definition], {
        look: () => ({ seen: given.length > 0 ? (given.shift() ?? null) : 9, size: 1 }),
      })
      await harness.run(definition, 'w', {})
      await harness.pass(30_000)
      expect(await harness.ending('w')).toMatchObject(ending)
    }
  })
})

describe('F3 an undo', () => {
  test('F3 is tried as often as it is told to, and every one leaves its attempts and its outcome', async () => {
    const retry = { attempts: 2, backoffMs: [500] }
    const definition = define((flow) => {
      flow.task('stubborn', hold, { input: { n: 1 }, undo: (held) => ({ ...undo(held), retry }) })
      flow.task('easy', hold, { input: { n: 2 }, undo })
      flow.end('stop', 'stopped', { undo: true })
    })
    const times: number[] = []
    const harness = await Harness.start([definition], {
      hold: ({ n }: { n: number }) => ({ id: String(n) }),
      release: ({ id }: { id: string }) => {
        times.push(harness.clock.now())
        if (id === '1') throw new Retryable('DOWN', 'no answer')
        return null
      },
    })
    const begin = harness.clock.now()
    await harness.run(definition, 'w', {})
    await harness.pass(60_000)
    expect(times.map((at) => at - begin)).toEqual([0, 0, 500])
    expect(await harness.ending('w')).toMatchObject({
      status: 'completed',
      outcome: 'stopped',
      failure: { code: 'DOWN', node: '~stubborn', message: 'could not undo: no answer' },
    })
    const audit = harness.history('w').filter((event) => 'path' in event && event.path.startsWith('~'))
    expect(audit.map((event) => `${event.type} ${'path' in event ? event.path : ''}`)).toEqual([
      'task-succeeded ~easy',
      'task-failed ~stubborn',
      'timer-fired ~stubborn',
      'task-failed ~stubborn',
    ])
  })
})

describe('F4 events', () => {
  const program = compile(define((flow) => void flow.wait('answer', { signals: ['go'], timeoutMs: null, reason: '' })))
  const events: { [T in EventType]: Omit<Extract<WorkflowEvent, { type: T }>, 'at' | 'type'> } = {
    started: { definition: 'steered', version: 1, input: {} },
    admitted: { factors: {} },
    'task-succeeded': { path: 'p', attempt: 1, output: null, agent: 'a' },
    'task-failed': { path: 'p', attempt: 1, failure: { kind: 'terminal', code: 'X', message: '' }, agent: 'a' },
    progressed: { path: 'p', attempt: 1, percent: 1 },
    'timer-fired': { path: 'p', due: 1 },
    signalled: { signal: 'go', signalId: '1', payload: null },
    decided: { path: 'p', approved: true, by, comment: '', decisionId: '1' },
    paused: { reason: '', by },
    resumed: { by },
    cancelled: { reason: '', by },
    terminated: { reason: '', by },
    retried: { by },
    reset: { to: 'x', reason: '', by },
    updated: { name: 'x', updateId: '1', payload: null, by },
    migrated: { to: 2, mapping: {}, by },
    'child-ended': { path: 'p', childId: 'c', status: 'failed', outcome: '', output: null },
    'parent-told': {},
  }

  test.each(Object.keys(events) as EventType[])(
    'F4 %s of a workflow that is not there is refused, unless it starts it',
    (type) => {
      const event = { type, at: 0, ...events[type] } as WorkflowEvent
      expect(admit(undefined, event)).toMatchObject(
        type === 'started' ? { is: 'fits' } : { is: 'refused', failure: { code: 'UNKNOWN_WORKFLOW' } },
      )
    },
  )

  test('F4 in each of the six states, only what fits it is admitted', () => {
    const state = born('w', program, { type: 'started', at: 0, ...events.started })
    const fitting = (status: typeof state.status): string[] =>
      (Object.keys(events) as EventType[]).filter(
        (type) => admit({ ...state, status }, { type, at: 0, ...events[type] } as WorkflowEvent).is === 'fits',
      )
    expect(fitting('pending')).toEqual(['admitted', 'signalled', 'cancelled', 'terminated'])
    expect(fitting('running')).toEqual(['signalled', 'paused', 'cancelled', 'terminated'])
    expect(fitting('paused')).toEqual(['signalled', 'resumed', 'cancelled', 'terminated'])
    expect(fitting('failed')).toEqual(['terminated', 'retried'])
    expect(fitting('completed')).toEqual([])
    expect(fitting('cancelled')).toEqual([])
  })
})
