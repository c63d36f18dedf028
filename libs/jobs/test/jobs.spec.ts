import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from '@pitcrew/errors'
import { deadLetters } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { additionOf } from '../src/addition.ts'
import { enqueueNow } from '../src/enqueue.ts'
import { defineJob, perform, type Job, type JobContext } from '../src/index.ts'
import { openBench, type Bench } from './fixture.ts'

let bench: Bench

beforeAll(async () => {
  bench = await openBench()
})

afterAll(() => bench.stop())

let kinds = 0
/** A kind that no other test has. */
const newKind = <P = unknown, R = unknown>(settings: Parameters<typeof defineJob>[1] = {}) =>
  defineJob<P, R>(`kind-${kinds++}`, { backoff: { firstMs: 20, mostMs: 100 }, ...settings })

const forever = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('a job', () => {
  test('F7 is done by a worker, with its payload, and its result is there', async () => {
    const sum = newKind<{ a: number; b: number }, { sum: number }>()
    await bench.workers([perform(sum, async ({ a, b }) => ({ sum: a + b }))])
    const { job, added } = await bench.queue.add(sum, { a: 2, b: 3 }, { id: 'sum-1', scope: 'case-7' })
    expect({ added, id: job.id, scope: job.scope }).toEqual({ added: true, id: 'sum-1', scope: 'case-7' })
    expect(await bench.queue.result(sum, 'sum-1')).toEqual({ sum: 5 })
    const done = await bench.queue.get('sum-1')
    expect(done).toMatchObject({ state: 'completed', attempt: 1, payload: { a: 2, b: 3 }, result: { sum: 5 } })
  })

  test('F7 L9 added twice under one id is done once, at once or later', async () => {
    const count = newKind()
    const ran: string[] = []
    const adding = Array.from({ length: 8 }, () => bench.queue.add(count, {}, { id: 'twice' }))
    const outcomes = await Promise.all(adding)
    expect(outcomes.filter(({ added }) => added)).toHaveLength(1)
    const workers = await bench.workers([perform(count, async (_, { id }) => void ran.push(id))])
    await bench.reaches('twice', 'completed')
    expect(await bench.queue.add(count, {}, { id: 'twice' })).toMatchObject({
      added: false,
      job: { state: 'completed' },
    })
    await bench.queue.add(count, {}, { id: 'another' })
    await bench.reaches('another', 'completed')
    await workers.stop()
    expect(ran).toEqual(['twice', 'another'])
    await expect(bench.queue.add(newKind(), {}, { id: 'twice' })).rejects.toMatchObject({ code: 'JOB_ID_TAKEN' })
  })

  test('F7 N1 is done although whoever added it died before its record was written', async () => {
    const orphan = newKind<string, string>()
    const client = await bench.client()
    const { spec } = additionOf(orphan, 'left behind', { id: 'orphan' }, Date.now())
    await enqueueNow(client, spec)
    await bench.workers([perform(orphan, async (payload) => payload)])
    expect(await bench.reaches('orphan', 'completed')).toMatchObject({ result: 'left behind', attempt: 1 })
  })

  test('what is no job goes to the dead letter', async () => {
    const kind = newKind()
    const client = await bench.client()
    await bench.workers([perform(kind, async () => undefined)])
    await client.send(`job.queue.${kind.name}.2.odd`, new TextEncoder().encode('{}'))
    const letters = deadLetters(client)
    await eventually(async () => {
      const found = (await letters.list()).filter(({ subject }) => subject === `job.queue.${kind.name}.2.odd`)
      expect(found).toMatchObject([{ code: 'UNDECODABLE' }])
    })
  })

  test('F7 is tried again with growing delays, and counts its attempts', async () => {
    const flaky = newKind<null, string>({ backoff: { firstMs: 300, mostMs: 1_000 } })
    const starts: number[] = []
    await bench.workers([
      perform(flaky, async (_, { attempt }) => {
        starts.push(performance.now())
        if (attempt < 3) throw new Retryable('NOT_YET', 'not yet')
        return 'at last'
      }),
    ])
    await bench.queue.add(flaky, null, { id: 'flaky' })
    const delayed = await bench.reaches('flaky', 'delayed')
    expect(delayed).toMatchObject({ failure: { code: 'NOT_YET' } })
    expect(await bench.queue.result(flaky, 'flaky')).toBe('at last')
    const [first, second, third] = starts as [number, number, number]
    expect(second - first).toBeGreaterThanOrEqual(290)
    expect(third - second).toBeGreaterThanOrEqual(590)
    expect(await bench.queue.get('flaky')).toMatchObject({ attempt: 3 })
  })

  test('F7 that fails for good, or too often, goes to the dead letter and can be replayed', async () => {
    const hopeless = newKind<{ terminal: boolean }>({ attempts: 2 })
    let cured = false
    await bench.workers([
      perform(hopeless, async ({ terminal }) => {
        if (cured) return 'cured'
        throw terminal ? new Terminal('NEVER', 'never') : new Retryable('BUSY', 'busy')
      }),
    ])
    await bench.queue.add(hopeless, { terminal: true }, { id: 'never' })
    await bench.queue.add(hopeless, { terminal: false }, { id: 'busy' })
    expect(await bench.reaches('never', 'failed')).toMatchObject({ attempt: 1, failure: { code: 'NEVER' } })
    expect(await bench.reaches('busy', 'failed')).toMatchObject({ attempt: 2, failure: { code: 'BUSY' } })
    await expect(bench.queue.result(hopeless, 'never')).rejects.toMatchObject({ code: 'NEVER', kind: 'terminal' })
    const failed = await bench.queue.deadLetters({ kind: hopeless.name })
    expect(failed.jobs.map(({ id }) => id).sort()).toEqual(['busy', 'never'])

    const letters = deadLetters(await bench.client('gateway'))
    const lettersOf = async () => (await letters.list()).filter(({ subject }) => subject.includes(hopeless.name))
    await eventually(async () => expect((await lettersOf()).map(({ code }) => code).sort()).toEqual(['BUSY', 'NEVER']))

    cured = true
    expect(await bench.queue.replay('never')).toMatchObject({ state: 'waiting', attempt: 0 })
    expect(await bench.queue.result(hopeless, 'never')).toBe('cured')
    const busy = (await lettersOf()).find(({ code }) => code === 'BUSY')!
    expect((await lettersOf()).filter(({ replayed }) => replayed).map(({ code }) => code)).toEqual(['NEVER'])
    await letters.replay(busy.sequence)
    expect(await bench.reaches('busy', 'completed')).toMatchObject({ result: 'cured', attempt: 1 })
    await expect(bench.queue.replay('busy')).rejects.toMatchObject({ code: 'JOB_NOT_REPLAYABLE' })
    await expect(bench.queue.replay('nobody')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  })

  test('F7 that takes too long is stopped and tried again', async () => {
    const slow = newKind<null, number>({ timeoutMs: 100 })
    await bench.workers([
      perform(slow, async (_, { attempt, signal }) => (attempt === 1 ? await forever(signal) : attempt)),
    ])
    await bench.queue.add(slow, null, { id: 'slow' })
    expect(await bench.queue.result(slow, 'slow')).toBe(2)
  })

  test('F7 that goes on after its time and tells of progress has no say any more', async () => {
    const stubborn = newKind<null, number>({ timeoutMs: 100, backoff: { firstMs: 500, mostMs: 500 } })
    const late: JobContext['progress'][] = []
    await bench.workers([
      perform(stubborn, async (_, { attempt, progress }) => {
        if (attempt > 1) return attempt
        late.push(progress)
        return new Promise<never>(() => undefined)
      }),
    ])
    await bench.queue.add(stubborn, null, { id: 'stubborn' })
    await bench.reaches('stubborn', 'delayed')
    late[0]!(50, 'from beyond')
    expect(await bench.queue.result(stubborn, 'stubborn', { timeoutMs: 5_000 })).toBe(2)
  })

  test('F7 tells of its progress, 0 to 100, with a note', async () => {
    const steps = newKind()
    const go = Promise.withResolvers<void>()
    await bench.workers([
      perform(steps, async (_, { progress }) => {
        progress(40, 'reading')
        await go.promise
        progress(100, 'written')
        expect(() => progress(101)).toThrow(expect.objectContaining({ code: 'BAD_PROGRESS' }))
      }),
    ])
    await bench.queue.add(steps, null, { id: 'steps' })
    const seen: Job[] = []
    const following = bench.queue.follow('steps', (job) => seen.push(job))
    await eventually(() => {
      expect(seen.at(-1)).toMatchObject({ state: 'active', progress: { percent: 40, note: 'reading' } })
    })
    go.resolve()
    expect(await following.ended).toMatchObject({ state: 'completed', progress: { percent: 100, note: 'written' } })
  })
})

/** Side by side: they wait for ticks of the broker's clock, whose least is a second. */
describe('time', () => {
  test.concurrent('F7 a job for later runs then and not before, and is scheduled until then', async () => {
    const later = newKind<null, number>()
    await bench.workers([perform(later, async () => Date.now())])
    const runAt = new Date(Date.now() + 1_500)
    await bench.queue.add(later, null, { id: 'later', runAt })
    await bench.queue.add(later, null, { id: 'delayed', delayMs: 1_500 })
    expect(await bench.queue.get('later')).toMatchObject({ state: 'scheduled', runAt: runAt.toISOString() })
    expect(await bench.queue.result(later, 'later')).toBeGreaterThanOrEqual(runAt.getTime())
    expect(await bench.queue.result(later, 'delayed')).toBeGreaterThanOrEqual(runAt.getTime())
    await bench.queue.add(later, null, { id: 'past', runAt: new Date(0) })
    expect(await bench.queue.result(later, 'past')).toBeGreaterThan(0)
  })

  test.concurrent('F7 a recurring job runs at each tick, as a run of its own, until it is cancelled', async () => {
    const tick = newKind()
    const runs: string[] = []
    await bench.workers([perform(tick, async (_, { id, runOf }) => void (runOf === 'every-second' && runs.push(id)))])
    const ensure = () => bench.queue.add(tick, null, { id: 'every-second', cron: '* * * * * *' })
    expect(await ensure()).toMatchObject({ added: true, job: { state: 'scheduled' } })
    expect(await ensure()).toMatchObject({ added: false })
    await eventually(() => expect(runs.length).toBeGreaterThanOrEqual(2))
    expect(new Set(runs).size).toBe(runs.length)
    const run = await bench.reaches(runs[0]!, 'completed')
    expect(run).toMatchObject({ runOf: 'every-second' })
    expect(await bench.queue.cancel('every-second')).toBe('cancelled')
    const client = await bench.client()
    const scheduled = await client.connection.request(
      '$JS.API.STREAM.INFO.JOBS',
      '{"subjects_filter":"job.at.every-second"}',
    )
    expect(scheduled.json<{ state: { subjects?: object } }>().state.subjects).toBeUndefined()
    expect(await ensure()).toMatchObject({ added: false, job: { state: 'cancelled' } })
    const before = runs.length
    await bench.queue.replay('every-second')
    await eventually(() => expect(runs.length).toBeGreaterThan(before))
    await bench.queue.cancel('every-second')
  })

  test.concurrent(
    'F7 a recurring job goes by the clock of its time zone, and changes when it is added differently',
    async () => {
      const zoned = newKind()
      const runs: string[] = []
      await bench.workers([perform(zoned, async (_, { runOf }) => void runs.push(runOf!))])
      // Half an hour off, so that no whole hour of UTC is the same.
      const timeZone = 'Asia/Kolkata'
      const minute = Number(new Intl.DateTimeFormat('en', { timeZone, minute: 'numeric' }).format(new Date()))
      const inZone = `* ${minute},${(minute + 1) % 60} * * * *`
      await bench.queue.add(zoned, null, { id: 'utc', cron: inZone, timeZone: 'UTC' })
      await bench.queue.add(zoned, null, { id: 'kolkata', cron: inZone, timeZone })
      await eventually(() => expect(runs).toContain('kolkata'))
      expect(runs).not.toContain('utc')
      const changed = await bench.queue.add(zoned, null, { id: 'utc', cron: inZone, timeZone })
      expect(changed).toMatchObject({ added: false, job: { recurrence: { timeZone } } })
      await eventually(() => expect(runs).toContain('utc'))
      await Promise.all(['utc', 'kolkata'].map((id) => bench.queue.cancel(id)))
    },
  )

  test.concurrent('F7 a tick is left out while the run before has not ended', async () => {
    const long = newKind()
    let atOnce = 0
    let most = 0
    let runs = 0
    const release = Promise.withResolvers<void>()
    await bench.workers([
      perform(long, async () => {
        most = Math.max(most, ++atOnce)
        runs++
        await release.promise
        atOnce--
      }),
    ])
    await bench.queue.add(long, null, { id: 'long', everyMs: 1_000 })
    await eventually(async () => expect(await deliveredOf(long)).toBeGreaterThanOrEqual(3))
    expect({ runs, most }).toEqual({ runs: 1, most: 1 })
    release.resolve()
    await eventually(() => expect(runs).toBeGreaterThan(1))
    await bench.queue.cancel('long')
  })

  test.concurrent('F7 of ticks that nobody took in time the last is run, or all of them when asked', async () => {
    const missed = newKind()
    const client = await bench.client()
    const waitingOf = async (id: string) => {
      const subject = `job.queue.${missed.name}.3.${id}`
      const request = JSON.stringify({ subjects_filter: subject })
      const info = await client.connection.request('$JS.API.STREAM.INFO.JOBS', request)
      return info.json<{ state: { subjects?: Record<string, number> } }>().state.subjects?.[subject] ?? 0
    }
    await bench.queue.add(missed, null, { id: 'last', everyMs: 1_000 })
    await bench.queue.add(missed, null, { id: 'all', everyMs: 1_000, catchUp: true })
    await eventually(async () => {
      for (const id of ['last', 'all']) expect(await waitingOf(id)).toBeGreaterThanOrEqual(3)
    })
    const runs: string[] = []
    await bench.workers([perform(missed, async (_, { runOf }) => void runs.push(runOf!))], { concurrency: 1 })
    await eventually(() => expect(runs.filter((each) => each === 'all').length).toBeGreaterThanOrEqual(3))
    await Promise.all(['last', 'all'].map((id) => bench.queue.cancel(id)))
    const countOf = (id: string) => runs.filter((each) => each === id).length
    expect(countOf('last')).toBeGreaterThanOrEqual(1)
    expect(countOf('last')).toBeLessThanOrEqual(countOf('all') - 2)
  })

  test('refuses what is no time or recurrence', async () => {
    const kind = newKind()
    const bad = (options: object) => expect(bench.queue.add(kind, null, { id: 'bad', ...options })).rejects
    await bad({ cron: '* *' }).toMatchObject({ code: 'BAD_SCHEDULE' })
    await bad({ cron: '61 * * * * *' }).toMatchObject({ code: 'BAD_SCHEDULE' })
    await bad({ cron: '@daily', timeZone: 'Mars/Olympus' }).toMatchObject({ code: 'BAD_SCHEDULE' })
    await bad({ everyMs: 10 }).toMatchObject({ code: 'BAD_SCHEDULE' })
    await bad({ runAt: 'soon' }).toMatchObject({ code: 'BAD_JOB' })
    await bad({ delayMs: 1, runAt: new Date() }).toMatchObject({ code: 'BAD_JOB' })
    expect(await bench.queue.get('bad')).toBeUndefined()
  })
})

/** How many messages a kind's queue has handed to workers. */
async function deliveredOf({ name }: { name: string }): Promise<number> {
  const client = await bench.client()
  const info = await client.connection.request(`$JS.API.CONSUMER.INFO.JOBS.${name}_3`)
  return info.json<{ delivered: { consumer_seq: number } }>().delivered.consumer_seq
}

describe('cancelling', () => {
  test('F7 a job that waits or is scheduled never runs', async () => {
    const unwanted = newKind()
    const ran: string[] = []
    await bench.queue.add(unwanted, null, { id: 'waits' })
    await bench.queue.add(unwanted, null, { id: 'scheduled', delayMs: 400 })
    expect(await bench.queue.cancel('waits', 'not needed')).toBe('cancelled')
    expect(await bench.queue.cancel('scheduled')).toBe('cancelled')
    expect(await bench.queue.cancel('scheduled')).toBe('cancelled')
    await bench.workers([perform(unwanted, async (_, { id }) => void ran.push(id))])
    await bench.queue.add(unwanted, null, { id: 'after', delayMs: 600 })
    await bench.reaches('after', 'completed')
    expect(ran).toEqual(['after'])
    expect(await bench.queue.get('waits')).toMatchObject({ state: 'cancelled', reason: 'not needed' })
    expect(await bench.queue.cancel('after')).toBe('ended')
    await expect(bench.queue.cancel('nobody')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
    await expect(bench.queue.result(unwanted, 'waits')).rejects.toMatchObject({ code: 'JOB_CANCELLED' })
  })

  test('F7 a job that runs has its signal aborted and is cancelled, whether or not it heeds that', async () => {
    const running = newKind<{ heeds: boolean }>()
    const signals = new Map<string, AbortSignal>()
    await bench.workers([
      perform(running, async ({ heeds }, { id, signal }) => {
        signals.set(id, signal)
        await (heeds ? forever(signal) : new Promise(() => undefined))
      }),
    ])
    for (const heeds of [true, false]) {
      const id = `heeds-${heeds}`
      await bench.queue.add(running, { heeds }, { id })
      await eventually(() => expect(signals.has(id)).toBe(true))
      expect(await bench.queue.cancel(id, 'changed my mind')).toBe('requested')
      expect(await bench.reaches(id, 'cancelled')).toMatchObject({ reason: 'changed my mind', attempt: 1 })
      expect(signals.get(id)!.aborted).toBe(true)
    }
  })

  test('F7 all jobs of a workflow are cancelled together, and no others', async () => {
    const scoped = newKind()
    const add = (scope: string, count: number) =>
      bench.queue.addMany(
        scoped,
        Array.from({ length: count }, (_, index) => ({
          payload: null,
          id: `${scope}-${index}`,
          scope,
          delayMs: 60_000,
        })),
      )
    await add('workflow-1', 30)
    await add('workflow-2', 3)
    const { cancelled, requested } = await bench.queue.cancelScope('workflow-1', 'workflow cancelled')
    expect([cancelled.length, requested]).toEqual([30, []])
    const states = async (scope: string) => (await bench.queue.statistics({ scope })).states
    expect(await states('workflow-1')).toMatchObject({ cancelled: 30, scheduled: 0 })
    expect(await states('workflow-2')).toMatchObject({ cancelled: 0, scheduled: 3 })
    expect(await bench.queue.cancelScope('workflow-1')).toEqual({ cancelled: [], requested: [] })
  })
})

describe('many jobs', () => {
  test('L9 the urgent come first, and the routine ones still get their share', async () => {
    const mixed = newKind()
    const order: number[] = []
    const jobs = [4, 3, 2, 1].flatMap((priority) =>
      Array.from({ length: 30 }, () => ({ payload: priority, priority: priority as 1 | 2 | 3 | 4 })),
    )
    await bench.queue.addMany(mixed, jobs)
    await bench.workers([perform(mixed, async (priority) => void order.push(priority as number))], { concurrency: 1 })
    await eventually(() => expect(order).toHaveLength(120))
    const early = order.slice(0, 30)
    const countOf = (priority: number) => early.filter((each) => each === priority).length
    expect(order[0]).toBe(1)
    expect(countOf(1)).toBeGreaterThan(countOf(2))
    expect(countOf(2)).toBeGreaterThan(countOf(3))
    expect(countOf(4)).toBeGreaterThanOrEqual(1)
  })

  test('F7 never more at once than the worker has places, or the kind may have', async () => {
    const wide = newKind()
    const narrow = newKind()
    const now = { wide: 0, narrow: 0 }
    const most = { both: 0, narrow: 0 }
    let done = 0
    const busy = (name: 'wide' | 'narrow') => async () => {
      now[name]++
      most.both = Math.max(most.both, now.wide + now.narrow)
      most.narrow = Math.max(most.narrow, now.narrow)
      await new Promise((resolve) => setImmediate(resolve))
      now[name]--
      done++
    }
    const none = Array.from({ length: 40 }, () => ({ payload: null }))
    await Promise.all([bench.queue.addMany(wide, none), bench.queue.addMany(narrow, none)])
    await bench.workers([perform(wide, busy('wide')), perform(narrow, busy('narrow'), { concurrency: 2 })], {
      concurrency: 6,
    })
    await eventually(() => expect(done).toBe(80))
    expect(most.both).toBeLessThanOrEqual(6)
    expect(most.narrow).toBeLessThanOrEqual(2)
  })

  test('F7 a rate holds over two workers together', async () => {
    const limited = newKind<null, void>({ rate: { jobs: 10, perMs: 1_000, burst: 2 } })
    const starts: number[] = []
    const handler = perform(limited, async () => void starts.push(Date.now()))
    await bench.queue.addMany(
      limited,
      Array.from({ length: 14 }, () => ({ payload: null })),
    )
    await Promise.all([bench.workers([handler]), bench.workers([handler])])
    await eventually(() => expect(starts).toHaveLength(14))
    starts.sort((a, b) => a - b)
    // Two at once, then one every 100 ms. A start may be late, so the next looks early; timers may be a millisecond off.
    expect(starts.at(-1)! - starts[0]!).toBeGreaterThanOrEqual(11 * 100)
  })

  test('F7 a kind that has to wait for its rate leaves the places to others', async () => {
    const limited = newKind({ rate: { jobs: 1, perMs: 3_600_000 } })
    const free = newKind()
    const done = { limited: 0, free: 0 }
    const urgent = Array.from({ length: 5 }, () => ({ payload: null, priority: 1 as const, scope: 'limited' }))
    await bench.queue.addMany(limited, urgent)
    const handlers = [perform(limited, async () => void done.limited++), perform(free, async () => void done.free++)]
    await Promise.all(handlers.map(() => bench.workers(handlers, { concurrency: 1 })))
    await bench.queue.addMany(
      free,
      Array.from({ length: 50 }, () => ({ payload: null, priority: 4 as const })),
    )
    await eventually(() => expect(done).toEqual({ limited: 1, free: 50 }))
    expect((await bench.queue.cancelScope('limited')).cancelled).toHaveLength(4)
  })

  test('F7 can be listed by state, kind and scope, page by page, and counted', async () => {
    const listed = newKind({ attempts: 1 })
    await bench.workers([
      perform(listed, async (payload) => {
        if (payload === 'bad') throw new Terminal('BAD', 'bad')
      }),
    ])
    const add = (payload: string, scope: string, count: number) =>
      bench.queue.addMany(
        listed,
        Array.from({ length: count }, () => ({ payload, scope })),
      )
    await add('good', 'left', 5)
    await add('bad', 'right', 2)
    await bench.queue.add(listed, 'good', { scope: 'left', delayMs: 60_000 })
    await eventually(async () => {
      const { kinds: byKind } = await bench.queue.statistics()
      expect(byKind[listed.name]).toMatchObject({ states: { completed: 5, failed: 2, scheduled: 1, waiting: 0 } })
      expect(byKind[listed.name]!.durationMs!.p99).toBeGreaterThanOrEqual(0)
    })
    const ids = new Set<string>()
    let after: number | undefined
    do {
      const page = await bench.queue.list({ scope: 'left', state: ['completed', 'scheduled'], limit: 2, after })
      expect(page.jobs.length).toBeLessThanOrEqual(2)
      for (const { id } of page.jobs) ids.add(id)
      after = page.next
    } while (after !== undefined)
    expect(ids.size).toBe(6)
    expect((await bench.queue.list({ kind: listed.name, state: 'failed' })).jobs).toHaveLength(2)
  })

  test('F7 ended jobs are forgotten after their time', async () => {
    const brief = newKind({ keep: { completedMs: 1_000 } })
    await bench.workers([perform(brief, async () => undefined)])
    await bench.queue.add(brief, null, { id: 'brief' })
    await bench.reaches('brief', 'completed')
    await eventually(async () => expect(await bench.queue.get('brief')).toBeUndefined())
  })

  test('F10 thousands are added and done, each once', async () => {
    const tiny = newKind<number, number>()
    const count = 2_000
    const seen = new Set<number>()
    let runs = 0
    const jobs = Array.from({ length: count }, (_, index) => ({ payload: index }))
    const handler = perform(tiny, async (index) => {
      runs++
      seen.add(index)
      return index
    })
    await bench.workers([handler], { concurrency: 64 })
    await bench.queue.addMany(tiny, jobs)
    await eventually(() => expect(seen.size).toBe(count), { timeoutMs: 50_000 })
    expect(runs).toBe(count)
  }, 60_000)
})
