import { describe, expect, test } from '@jest/globals'
import { Retryable, Terminal } from '@pitcrew/errors'
import { hasEnded, jobOf, keptFor, type JobRecord, type JobSpec } from './job.ts'
import { cancel, finish, take, type Ending, type Ticket } from './transition.ts'

const start = Date.UTC(2026, 10, 20, 8)

const specOf = (changes: Partial<JobSpec> = {}): JobSpec => ({
  id: 'j1',
  kind: 'sample',
  payload: null,
  priority: 3,
  attempts: 3,
  backoff: { firstMs: 1_000, mostMs: 60_000 },
  timeoutMs: 1_000,
  keep: { completedMs: 1_000, failedMs: 2_000, cancelledMs: 3_000 },
  addedAt: new Date(start).toISOString(),
  addition: 'a1',
  ...changes,
})

const ticket = (claim: string, changes: Partial<Ticket> = {}): Ticket => ({ claim, replayed: false, ...changes })
const taker = (nowMs = start) => ({ worker: 'w', nowMs, deadLetter: 'dead-letter.x' })
const waiting = (spec = specOf()): JobRecord => ({ spec, stage: { state: 'waiting', attempt: 0 } })

function begun(record: JobRecord | undefined, claim = 'm1', spec = specOf()) {
  const taking = take(record, spec, ticket(claim), taker())
  if (taking.then !== 'begin') throw new Error(`expected to begin, not ${taking.then}`)
  return taking.record
}

const after = (record: ReturnType<typeof begun>, ending: Ending, nowMs = start): JobRecord => ({
  spec: record.spec,
  stage: finish(record.spec, record.stage, ending, nowMs, 'dead-letter.x'),
})

describe('the states of a job', () => {
  test('F7 1 a message for a job that runs under another is one too many; the same again means that its worker is gone', () => {
    const active = begun(waiting())
    expect(take(active, specOf(), ticket('m2'), taker()).then).toBe('drop')
    expect(begun(active).stage).toMatchObject({ attempt: 2, claim: 'm1' })
  })

  test('F7 1 is begun from its message when nobody has written it down', () => {
    expect(begun(undefined).stage).toMatchObject({ state: 'active', attempt: 1 })
  })

  test('F7 2 what has ended begins again only when it is replayed', () => {
    const completed = after(begun(waiting()), { result: 1 })
    expect(take(completed, specOf(), ticket('m1', { replayed: true }), taker()).then).toBe('drop')
    const failed = after(begun(waiting()), { failure: new Terminal('NO', 'no') })
    expect(take(failed, specOf(), ticket('m2'), taker()).then).toBe('drop')
    expect(take(failed, specOf(), ticket('m2', { replayed: true }), taker()).then).toBe('begin')
    // Its worker died between the record and the dead letter.
    expect(take(failed, specOf(), ticket('m1'), taker())).toMatchObject({ then: 'refuse', failure: { code: 'NO' } })
  })

  test('F7 3 is begun at most as often as it may, also when workers die with it', () => {
    let record: JobRecord = waiting()
    for (let attempt = 1; attempt <= 3; attempt++) record = begun(record)
    expect(take(record, specOf(), ticket('m1'), taker())).toMatchObject({
      then: 'fail',
      failure: { code: 'WORKER_LOST' },
      record: { stage: { state: 'failed', attempt: 3 } },
    })
  })

  test('F7 waits between attempts, longer each time or as long as the failure says', () => {
    const first = after(begun(waiting()), { failure: new Retryable('BUSY', 'busy') })
    expect(first.stage).toMatchObject({ state: 'delayed', runAt: new Date(start + 1_000).toISOString() })
    const second = after(begun(jumped(first, 1_000)), { failure: new Retryable('BUSY', 'busy') })
    expect(second.stage).toMatchObject({ runAt: new Date(start + 2_000).toISOString() })
    const told = after(begun(waiting()), { failure: new Retryable('BUSY', 'busy', { afterMs: 7 }) })
    expect(told.stage).toMatchObject({ runAt: new Date(start + 7).toISOString() })
  })

  test('F7 does not run before its time, unless the broker’s clock says that it has come', () => {
    const runAt = new Date(start + 60_000).toISOString()
    const scheduled: JobRecord = { spec: specOf(), stage: { state: 'scheduled', attempt: 0, runAt } }
    const takeAt = (nowMs: number, scheduledFor?: string) =>
      take(scheduled, specOf(), ticket('m1', { scheduledFor }), taker(nowMs)).then
    expect(takeAt(start)).toBe('schedule')
    expect(takeAt(start, new Date(start).toISOString())).toBe('schedule')
    expect(takeAt(start, runAt)).toBe('begin')
    expect(takeAt(start + 60_000)).toBe('begin')
    expect(jobOf(scheduled, start).state).toBe('scheduled')
    expect(jobOf(scheduled, start + 60_000).state).toBe('waiting')
  })

  test('F7 given back by a worker that stops has not been attempted', () => {
    expect(after(begun(waiting()), { givenBack: true }).stage).toEqual({ state: 'waiting', attempt: 0 })
  })

  test('F7 is cancelled at once while it waits, and asked to stop while it runs', () => {
    expect(cancel(waiting(), 'why', start)).toMatchObject({ outcome: 'cancelled', next: { reason: 'why' } })
    const { outcome, next } = cancel(begun(waiting()), 'why', start)
    expect({ outcome, next }).toMatchObject({ outcome: 'requested', next: { state: 'active', cancelling: 'why' } })
    const asked: JobRecord = { spec: specOf(), stage: next! }
    expect(take(asked, specOf(), ticket('m1'), taker())).toMatchObject({
      then: 'cancel',
      record: { stage: { state: 'cancelled', reason: 'why' } },
    })
    expect(cancel(after(begun(waiting()), { result: 1 }), 'why', start)).toEqual({ outcome: 'ended' })
  })

  test('F7 is kept as long as its end says; a cancelled recurring one until somebody changes that', () => {
    expect(keptFor(waiting())).toBeUndefined()
    expect(keptFor(after(begun(waiting()), { result: 1 }))).toBe(1_000)
    expect(keptFor(after(begun(waiting()), { failure: new Terminal('NO', 'no') }))).toBe(2_000)
    expect(keptFor(after(begun(waiting()), { cancelled: 'why' }))).toBe(3_000)
    const recurrence = { everyMs: 1_000, overlap: false, catchUp: false }
    const { next } = cancel(waiting(specOf({ recurrence })), 'why', start)
    expect(keptFor({ spec: specOf({ recurrence }), stage: next! })).toBeUndefined()
  })
})

/** As it is when `ms` have passed, for a worker whose clock begins there. */
function jumped({ spec, stage }: JobRecord, ms: number): JobRecord {
  if (stage.state !== 'delayed') throw new Error(`expected delayed, not ${stage.state}`)
  return { spec, stage: { ...stage, runAt: new Date(Date.parse(stage.runAt) - ms).toISOString() } }
}

/**
 * Any order of deliveries, deaths of workers and cancellations. The world is what JetStream gives: a message stays until it is
 * settled, and comes again.
 */
describe('whatever happens', () => {
  test('F7 N1 it ends once, after three attempts at most', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { ended, begun, record } = lifeOf(randomFrom(seed))
      const outcome = { seed, ended, over: record && hasEnded(record.stage), tooOften: begun > 3 }
      expect(outcome).toEqual({ seed, ended: 1, over: true, tooOften: false })
    }
  })
})

function lifeOf(random: () => number): World {
  const world: World = { record: undefined, messages: ['m0'], count: 1, ended: 0, begun: 0, nowMs: start }
  if (random() < 0.8) world.record = waiting()
  if (random() < 0.3) world.messages.push(`m${world.count++}`)
  for (let step = 0; world.messages.length > 0; step++) {
    if (step > 1_000) throw new Error('does not come to an end')
    world.nowMs += Math.floor(random() * 2_000)
    if (random() < 0.02 && world.record !== undefined) {
      const { next } = cancel(world.record, 'why', world.nowMs)
      if (next !== undefined) write(world, { spec: world.record.spec, stage: next })
    }
    deliver(world, random)
  }
  return world
}

interface World {
  record: JobRecord | undefined
  messages: string[]
  count: number
  ended: number
  begun: number
  nowMs: number
}

function write(world: World, record: JobRecord): void {
  if (world.record !== undefined && hasEnded(world.record.stage)) throw new Error('it had ended')
  if (hasEnded(record.stage)) world.ended++
  world.record = record
}

/** Every `die()` is a worker that is gone before its next word; the message comes again. */
function deliver(world: World, random: () => number): void {
  const die = () => random() < 0.15
  const claim = world.messages[Math.floor(random() * world.messages.length)]!
  const settle = () => (world.messages = world.messages.filter((each) => each !== claim))
  const schedule = () => world.messages.push(`m${world.count++}`)
  const taking = take(world.record, specOf(), ticket(claim), taker(world.nowMs))
  switch (taking.then) {
    case 'drop':
    case 'refuse':
      return void settle()
    case 'schedule':
      schedule()
      return void (die() || settle())
    case 'fail':
    case 'cancel':
      write(world, taking.record)
      return void (die() || settle())
    case 'begin': {
      write(world, taking.record)
      world.begun++
      if (die()) return
      const failed = random() < 0.4
      const ending: Ending = failed ? { failure: new Retryable('BUSY', 'busy') } : { result: 1 }
      const stage = finish(taking.record.spec, taking.record.stage, ending, world.nowMs, 'dead-letter.x')
      write(world, { spec: taking.record.spec, stage })
      if (die()) return
      if (stage.state === 'delayed') schedule()
      return void (die() || settle())
    }
  }
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
