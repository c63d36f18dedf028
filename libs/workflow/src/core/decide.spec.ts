import { describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from '@pitcrew/errors'
import type { Flow } from '../definition/builder.ts'
import { defineWorkflow } from '../definition/define.ts'
import { plainLifecycle, type Lifecycle } from '../definition/lifecycle.ts'
import { add, eq, ge, length, literal, oneOf } from '../definition/reference.ts'
import { capability, Harness } from '../testing/index.ts'

const hold = capability<{ round: number }, { booking: string }>('hold')
const release = capability<{ booking: string }, { released: boolean }>('release')
const book = capability<{ booking: string }, { number: string }>('book')
const look = capability<{ at: string }, { seen: number }>('look')

const simple = (build: (flow: Flow) => void) => defineWorkflow('simple', 1, plainLifecycle, build)

describe('a workflow', () => {
  test('F2 runs its nodes in order and gives each what the earlier ones gave', async () => {
    const inputs: unknown[] = []
    const definition = defineWorkflow<{ place: string }>('chain', 1, plainLifecycle, (flow, input) => {
      const first = flow.task('first', look, { input: { at: input.place } })
      flow.task('second', book, { input: { booking: input.place }, when: ge(first.seen, 3) })
      flow.task('third', book, { input: { booking: 'never' }, when: ge(first.seen, 4) })
    })
    const harness = await Harness.start([definition], {
      look: (input) => (inputs.push(input), { seen: 3 }),
      book: (input) => (inputs.push(input), { number: 'x' }),
    })
    await harness.run(definition, 'w', { place: 'here' })
    expect(inputs).toEqual([{ at: 'here' }, { booking: 'here' }])
    expect(harness.lastView('w')).toMatchObject({ status: 'completed', phase: 'COMPLETED', progress: 100 })
    expect(harness.lastView('w')?.values).toMatchObject({ first: { seen: 3 }, third: null })
  })

  test('F2 runs parallel branches side by side and joins their results', async () => {
    const definition = simple((flow) => {
      const both = flow.parallel<{ left: { seen: number }; right: { seen: number } }>('both', {
        left: (side) => side.task('look-left', look, { input: { at: 'left' } }),
        right: (side) => side.task('look-right', look, { input: { at: 'right' } }),
      })
      flow.value('sum', add(both.left.seen, both.right.seen))
    })
    const harness = await Harness.start([definition], { look: ({ at }: { at: string }) => ({ seen: at.length }) })
    await harness.submit('w', { type: 'started', definition: 'simple', version: 1, input: {} })
    expect(harness.tasks.tasks.map(({ path }) => path)).toEqual(['both[1].left/look-left', 'both[1].right/look-right'])
    await harness.settle()
    expect(harness.lastView('w')?.values).toMatchObject({ sum: 9 })
  })

  test('C6 loops until the condition holds, carrying a value, and never more often than allowed', async () => {
    const counting = (enough: number) =>
      simple((flow) => {
        const total = flow.loop<number>('count', {
          initial: 0,
          max: 4,
          run: (round, carry, index) => {
            const { seen } = round.task('look', look, { input: { at: 'here' } })
            const next = round.value('next', add(carry, seen))
            return { next, until: ge(index, enough) }
          },
        })
        flow.value('result', total)
      })
    for (const [enough, result] of [
      [2, 20],
      [9, 40],
    ] as const) {
      const definition = counting(enough)
      const harness = await Harness.start([definition], { look: () => ({ seen: 10 }) })
      await harness.run(definition, 'w', {})
      expect(harness.lastView('w')?.values).toMatchObject({ result })
    }
  })

  test('F3 waits for the first of several signals, or for its time, and keeps a signal that came too early', async () => {
    const definition = simple((flow) => {
      const reply = flow.wait<'yes' | 'no', { why: string }>('reply', {
        signals: ['yes', 'no'],
        timeoutMs: 60_000,
        reason: 'an answer',
      })
      flow.task('look', look, { input: { at: reply.payload.why }, when: eq(reply.signal, 'no') })
      const second = flow.wait('second', { signals: ['late'], timeoutMs: 60_000, reason: 'a late answer' })
      flow.value('timed-out', eq(second.signal, null as never))
      flow.wait('third', { signals: ['early'], timeoutMs: null, reason: 'what came before' })
    })
    const harness = await Harness.start([definition], { look: () => ({ seen: 1 }) })
    await harness.run(definition, 'w', {})
    await harness.signal('w', 'early', { n: 1 })
    await harness.signal('w', 'no', { why: 'busy' }, 'id-1')
    await harness.signal('w', 'no', { why: 'busy' }, 'id-1')
    expect(harness.state('w')?.values).toMatchObject({
      reply: { signal: 'no', payload: { why: 'busy' } },
      look: { seen: 1 },
    })
    await harness.pass(60_000)
    expect(harness.lastView('w')).toMatchObject({
      status: 'completed',
      values: { 'timed-out': true, third: { payload: { n: 1 } } },
    })
  })

  test('F3 is interrupted by what comes during a wait, not by what came before it', async () => {
    const definition = simple((flow) => {
      flow.wait('first', { signals: ['go'], timeoutMs: null, reason: 'go' })
      flow.wait('second', { signals: ['reply'], interrupts: ['news'], timeoutMs: null, reason: 'a reply or news' })
    })
    const harness = await Harness.start([definition], {})
    await harness.run(definition, 'w', {})
    await harness.signal('w', 'news', { old: true })
    await harness.signal('w', 'go', {})
    expect(harness.state('w')?.nodes.second).toMatchObject({ is: 'waiting' })
    await harness.signal('w', 'news', { old: false }, 'second-news')
    expect(harness.lastView('w')?.values).toMatchObject({ second: { signal: 'news', payload: { old: false } } })
  })

  test('M4 tries again after 2, 4 and 8 seconds from the point of failure, then fails; RETRY is shown meanwhile', async () => {
    const definition = simple((flow) => {
      flow.task('first', look, { input: { at: 'once' } })
      flow.task('book', book, { input: { booking: 'b' } })
    })
    const calls: [string, number][] = []
    const harness = await Harness.start([definition], {
      look: (_, { path }) => (calls.push([path, harness.clock.now()]), { seen: 1 }),
      book: (_, { path }) => {
        calls.push([path, harness.clock.now()])
        throw new Retryable('DEALER_DOWN', 'no answer')
      },
    })
    const start = harness.clock.now()
    await harness.run(definition, 'w', {})
    expect(harness.state('w')).toMatchObject({ phase: 'RETRY', status: 'running' })
    await harness.pass(60_000)
    expect(calls.map(([path, at]) => [path, (at - start) / 1000])).toEqual([
      ['first', 0],
      ['book', 0],
      ['book', 2],
      ['book', 6],
      ['book', 14],
    ])
    expect(harness.lastView('w')).toMatchObject({
      status: 'failed',
      phase: 'FAILED',
      failure: { code: 'DEALER_DOWN', node: 'book' },
    })
  })

  test('F3 compensates in reverse order, and a retry runs anew what was undone and nothing else', async () => {
    const done: string[] = []
    let fail = true
    const definition = simple((flow) => {
      flow.task('before', look, { input: { at: 'x' } })
      const undo = (held: { booking: unknown }) => ({ capability: release, input: { booking: held.booking } })
      const one = flow.task('one', hold, { input: { round: 1 }, undo })
      flow.task('two', hold, { input: { round: 2 }, undo })
      flow.task('confirm', book, { input: { booking: one.booking } })
    })
    const harness = await Harness.start([definition], {
      look: () => (done.push('look'), { seen: 1 }),
      hold: ({ round }: { round: number }) => (done.push(`hold ${round}`), { booking: `b${round}` }),
      release: ({ booking }: { booking: string }) => (done.push(`release ${booking}`), { released: true }),
      book: () => {
        if (fail) throw new Terminal('REFUSED', 'closed')
        return (done.push('book'), { number: '1' })
      },
    })
    await harness.run(definition, 'w', {})
    expect(done).toEqual(['look', 'hold 1', 'hold 2', 'release b2', 'release b1'])
    expect(harness.lastView('w')).toMatchObject({ status: 'failed', failure: { code: 'REFUSED' } })
    fail = false
    done.length = 0
    await harness.submit('w', { type: 'retried', by: 'test' })
    await harness.settle()
    expect(done).toEqual(['hold 1', 'hold 2', 'book'])
    expect(harness.lastView('w')).toMatchObject({ status: 'completed' })
  })

  test('F3 does nothing while it is paused, keeps what comes in, and goes on where it was', async () => {
    const definition = simple((flow) => {
      flow.task('first', look, { input: { at: 'x' } })
      flow.wait('answer', { signals: ['go'], timeoutMs: 1_000, reason: 'go' })
      flow.task('second', look, { input: { at: 'y' } })
    })
    const harness = await Harness.start([definition], { look: () => ({ seen: 1 }) })
    await harness.submit('w', { type: 'started', definition: 'simple', version: 1, input: {} })
    await harness.submit('w', { type: 'paused', reason: 'look at it', by: 'test' })
    await harness.settle()
    expect(harness.state('w')).toMatchObject({ status: 'paused', values: { first: { seen: 1 } } })
    await harness.submit('w', { type: 'resumed', by: 'test' })
    await harness.submit('w', { type: 'paused', reason: 'again', by: 'test' })
    await harness.signal('w', 'go', {})
    await harness.pass(10_000)
    expect(harness.state('w')?.nodes.answer).toMatchObject({ is: 'waiting' })
    await harness.submit('w', { type: 'resumed', by: 'test' })
    await harness.quiet()
    expect(harness.lastView('w')).toMatchObject({ status: 'completed', values: { answer: { signal: 'go' } } })
  })

  test('F3 does nothing twice when the last of two branches ended during a pause', async () => {
    const definition = simple((flow) => {
      const side = (id: string) => (branch: Flow) => branch.task(id, look, { input: { at: id } })
      flow.parallel<Record<'a' | 'b', { seen: number }>>('both', { a: side('left'), b: side('right') })
      flow.wait('answer', { signals: ['go'], timeoutMs: null, reason: 'go' })
    })
    const harness = await Harness.start([definition], { look: () => ({ seen: 1 }) })
    await harness.submit('w', { type: 'started', definition: 'simple', version: 1, input: {} })
    await harness.submit('w', { type: 'paused', reason: '', by: 'test' })
    await harness.settle()
    await harness.submit('w', { type: 'resumed', by: 'test' })
    expect(harness.tasks.tasks).toEqual([])
    expect(harness.state('w')?.nodes.answer).toMatchObject({ is: 'waiting' })
  })

  test('F3 is cancelled from any point, undoing what was done', async () => {
    const released: unknown[] = []
    const definition = simple((flow) => {
      flow.task('one', hold, {
        input: { round: 1 },
        undo: (held) => ({ capability: release, input: { booking: held.booking } }),
      })
      flow.wait('for-ever', { signals: ['never'], timeoutMs: null, reason: 'nothing' })
    })
    const harness = await Harness.start([definition], {
      hold: () => ({ booking: 'b' }),
      release: (input) => (released.push(input), {}),
    })
    await harness.run(definition, 'w', {})
    await harness.submit('w', { type: 'cancelled', reason: 'sold', by: 'test' })
    await harness.settle()
    expect(released).toEqual([{ booking: 'b' }])
    expect(harness.lastView('w')).toMatchObject({ status: 'cancelled', outcome: 'cancelled' })
    await expect(harness.submit('w', { type: 'resumed', by: 'test' })).rejects.toMatchObject({ code: 'GONE' })
  })

  test('F4 refuses a result of an attempt that was given up', async () => {
    const definition = simple((flow) => flow.task('one', look, { input: { at: 'x' }, overdueMs: 5_000 }))
    const harness = await Harness.start([definition], {})
    await harness.submit('w', { type: 'started', definition: 'simple', version: 1, input: {} })
    const [late] = harness.tasks.tasks.splice(0)
    harness.clock.advance(5_000)
    await new Promise((resolve) => setImmediate(resolve))
    harness.clock.advance(2_000)
    await new Promise((resolve) => setImmediate(resolve))
    expect(harness.tasks.tasks).toMatchObject([{ attempt: 2 }])
    const result = { type: 'task-succeeded', path: 'one', output: { seen: 1 }, agent: 'slow' } as const
    await expect(harness.submit('w', { ...result, attempt: late?.attempt ?? 0 })).rejects.toMatchObject({
      code: 'STALE_RESULT',
    })
    await harness.submit('w', { ...result, attempt: 2 })
    expect(harness.lastView('w')).toMatchObject({ status: 'completed' })
  })

  test('F2 graphs without nodes give their results at once', async () => {
    const definition = defineWorkflow<unknown, unknown>('empty', 1, plainLifecycle, (flow) => {
      const branch = flow.branch<string>('branch', [{ when: true, run: () => 'chosen' }])
      const none = flow.branch<string>('none', [{ when: ge(length(branch), 99), run: () => 'chosen' }])
      const loop = flow.loop<number>('loop', {
        initial: 0,
        max: 5,
        run: (_, carry, index) => ({ next: add(carry, index), until: ge(index, 3) }),
      })
      const parallel = flow.parallel<{ a: number; b: number }>('parallel', { a: () => 1, b: () => 2 })
      const nothing = flow.parallel<Record<string, never>>('nothing', {})
      const map = flow.map('map', { over: literal([1, 2, 3]), concurrency: 2 }, (_, one) => add(one, 10))
      return { branch, none, loop, parallel, nothing, map }
    })
    const harness = await Harness.start([definition], {})
    await harness.run(definition, 'w', {})
    expect((await harness.ending('w')).output).toEqual({
      branch: 'chosen',
      none: null,
      loop: 6,
      parallel: { a: 1, b: 2 },
      nothing: {},
      map: [11, 12, 13],
    })
  })

  test('a failure that is tolerated, of a node whose attributes cannot be set from nothing, fails it all the same', async () => {
    const definition = simple((flow) => {
      flow.task('one', look, {
        input: { at: '' },
        tolerates: 'anything',
        set: ({ seen }) => ({ twice: add(seen, seen) }),
      })
    })
    const harness = await Harness.start([definition], {
      look: () => {
        throw new Terminal('BROKEN', '')
      },
    })
    await harness.run(definition, 'w', {})
    expect(await harness.ending('w')).toMatchObject({
      status: 'failed',
      failure: { code: 'BAD_EXPRESSION', node: 'one' },
    })
  })

  test('an expression that goes wrong fails the node with its code and leaves the workflow to be retried', async () => {
    const definition = simple((flow) => {
      const { seen } = flow.task('one', look, { input: { at: 'x' } })
      flow.value('two', add(seen, 1))
    })
    const harness = await Harness.start([definition], { look: () => ({ seen: 'three' }) })
    await harness.run(definition, 'w', {})
    expect(harness.lastView('w')).toMatchObject({ status: 'failed', failure: { code: 'BAD_EXPRESSION', node: 'two' } })
  })
})

describe('M1 phases', () => {
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

  test('that may not follow each other are refused when the definition is made, with the way there', () => {
    expect(() =>
      defineWorkflow('bad', 1, lifecycle, (flow) => {
        flow.task('jump', look, { input: { at: 'x' }, phase: 'SCHEDULING' })
      }),
    ).toThrow(/"jump": phase SCHEDULING cannot follow PENDING; PENDING may be followed by DIAGNOSIS/)
  })

  test('follow the nodes that carry them', async () => {
    const seen: string[] = []
    const definition = defineWorkflow('good', 1, lifecycle, (flow) => {
      const found = flow.task('diagnose', look, { input: { at: 'x' }, phase: 'DIAGNOSIS' })
      flow.branch('maybe', [
        { when: oneOf(found.seen, [1]), run: (way) => way.task('look-again', look, { input: { at: 'y' } }) },
      ])
      flow.task('schedule', look, { input: { at: 'z' }, phase: 'SCHEDULING' })
    })
    const harness = await Harness.start([definition], {
      look: () => (seen.push(harness.state('w')?.phase ?? ''), { seen: 1 }),
    })
    await harness.run(definition, 'w', {})
    expect(seen).toEqual(['DIAGNOSIS', 'DIAGNOSIS', 'SCHEDULING'])
    expect(harness.lastView('w')?.phase).toBe('COMPLETED')
  })
})
