import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { events } from '@pitcrew/contracts'
import { Retryable, Terminal } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import { inSpan } from '@pitcrew/observability'
import { eventually, testBroker, testMessaging, testTelemetry, type TestBroker } from '@pitcrew/testing'
import { enqueue, relayOutbox, type OutboxRelay, type RelayOptions } from '../src/index.ts'
import { changed, follow, openBench, schema, type Bench, type Seen } from './bench.ts'

let bench: Bench
let broker: TestBroker
let messaging: Messaging
let reader: Messaging
let seen: Seen[]
let relays: OutboxRelay[]
/** Opened at the end of each test, whatever became of it: a relay that waits at one does not stop. */
let gates: PromiseWithResolvers<void>[]
const telemetry = testTelemetry('scheduling')

beforeAll(async () => {
  bench = await openBench()
}, 60_000)

afterAll(() => bench.stop())

beforeEach(async () => {
  ;[relays, gates] = [[], []]
  broker = await testBroker()
  ;[messaging, reader] = await Promise.all([testMessaging(broker, 'scheduling'), testMessaging(broker, 'gateway')])
  seen = await follow(reader)
}, 60_000)

afterEach(async () => {
  for (const { resolve } of gates) resolve()
  await Promise.all(relays.map((relay) => relay.stop()))
  await Promise.all([messaging.drain(), reader.drain()])
  await broker.stop()
  await bench.database.script(`truncate ${schema}.outbox`)
})

function newGate(): PromiseWithResolvers<void> {
  const gate = Promise.withResolvers<void>()
  gates.push(gate)
  return gate
}

function relay(over: Partial<RelayOptions> = {}): OutboxRelay {
  const started = relayOutbox({ database: bench.database, schema, messaging, telemetry, everyMs: 20, ...over })
  relays.push(started)
  return started
}

type Publish = (event: unknown, key: string | string[], message: unknown, options?: { id?: string }) => Promise<unknown>

/** The broker, with something done before each publication. */
function through(before: (key: string, id: string) => Promise<void>): Pick<Messaging, 'publish'> {
  const publish: Publish = async (event, key, message, options) => {
    await before(String(key), options!.id!)
    return (messaging.publish as Publish)(event, key, message, options)
  }
  return { publish: publish as Messaging['publish'] }
}

const numbered = (key: string, count: number) => Array.from({ length: count }, (_, n) => ({ key, id: `${key}-${n}` }))

describe('the outbox', () => {
  test('1 publishes what was committed, and nothing of what was rolled back', async () => {
    const broken = bench.database.transaction(async (tx) => {
      await enqueue(tx, schema, changed('a', 'never'))
      throw new Terminal('BROKEN', 'on purpose')
    })
    await expect(broken).rejects.toMatchObject({ code: 'BROKEN' })
    await bench.write({ key: 'a', id: 'first' })
    const { wake } = relay({ everyMs: 3_600_000 })
    await eventually(() => expect(seen).toMatchObject([{ key: 'a', id: 'first', reason: 'first' }]))
    await bench.write({ key: 'a', id: 'second' })
    wake()
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['first', 'second']))
    await eventually(async () => expect(await bench.waiting()).toEqual([]))
  })

  test('1 an event that waits already is not added again', async () => {
    await bench.write({ key: 'a', id: 'same' }, { key: 'a', id: 'same' })
    expect(await bench.waiting()).toEqual(['same'])
  })

  test('3 7 two relays publish each once, and those of one key in their order', async () => {
    const published: string[] = []
    const counted = through(async (_key, id) => void published.push(id))
    relay({ messaging: counted })
    relay({ messaging: counted })
    const keys = ['a', 'b', 'c', 'd', 'e']
    for (let round = 0; round < 20; round++) {
      await bench.write(...keys.flatMap((key) => [2 * round, 2 * round + 1].map((n) => ({ key, id: `${key}-${n}` }))))
      for (const { wake } of relays) wake()
    }
    await eventually(() => expect(seen).toHaveLength(200))
    for (const key of keys) {
      expect(seen.filter((one) => one.key === key).map(({ id }) => id)).toEqual(numbered(key, 40).map(({ id }) => id))
    }
    expect(published.sort()).toEqual([...new Set(published)])
  })

  test('3 7 while one relay has an event in hand, another leaves the later ones of its key alone', async () => {
    const gate = newGate()
    const began = Promise.withResolvers<void>()
    await bench.write({ key: 'slow', id: 'slow-0' })
    relay({ messaging: through(() => (began.resolve(), gate.promise)) })
    await began.promise
    await bench.write({ key: 'slow', id: 'slow-1' }, { key: 'other', id: 'other-0' })
    relay()
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['other-0']))
    gate.resolve()
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['other-0', 'slow-0', 'slow-1']))
  })

  test('2 7 what a relay has in hand when it dies is taken over, and published once', async () => {
    await bench.write(...numbered('a', 3))
    const acked = Promise.withResolvers<void>()
    const never = Promise.withResolvers<never>()
    const dying: Publish = async (...args) => {
      await (messaging.publish as Publish)(...args)
      acked.resolve()
      return never.promise
    }
    const dead = relayOutbox({
      ...{ database: bench.database, schema, telemetry, everyMs: 3_600_000 },
      messaging: { publish: dying as Messaging['publish'] },
    })
    await acked.promise
    void dead.stop()
    expect(await bench.waiting()).toHaveLength(3)
    relay()
    await eventually(async () => expect(await bench.waiting()).toEqual([]))
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['a-0', 'a-1', 'a-2']))
  })

  test('4 what can never be published is parked and told of, and what is behind it goes on', async () => {
    await bench.write({ key: '', id: 'keyless' }, { key: '', id: 'behind' }, { key: 'a', id: 'good' })
    await bench.database.query(`insert into scheduling.outbox (id, event, key, message, trace)
      values ('foreign', 'somebody.elses.event.v1', 'a', '{}', '{}'),
             ('garbled', 'scheduling.booking.changed.v1', 'a', 'null', '{}')`)
    await bench.write({ key: 'a', id: 'last' })
    relay()
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['good', 'last']))
    const parked = () => bench.database.query('select id, parked, attempts from scheduling.outbox order by position')
    await eventually(async () =>
      expect(await parked()).toEqual([
        { id: 'keyless', parked: 'BAD_KEY', attempts: 1 },
        { id: 'behind', parked: 'BAD_KEY', attempts: 1 },
        { id: 'foreign', parked: 'UNKNOWN_EVENT', attempts: 1 },
        { id: 'garbled', parked: 'BAD_EVENT', attempts: 1 },
      ]),
    )
    const errors = telemetry.lines.filter(({ level }) => level === 'error')
    expect(errors.map(({ id }) => id).sort()).toEqual(['behind', 'foreign', 'garbled', 'keyless'])
    expect(await telemetry.metricsText()).toMatch(/pitcrew_outbox_events\{[^}]*state="parked"[^}]*\} 4/)

    await bench.database.query(`update scheduling.outbox set key = 'a' where id = 'keyless'`)
    await bench.database.script(errors.find(({ id }) => id === 'keyless')!.again as string)
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['good', 'last', 'keyless']))
  })

  test('5 what fails keeps its place and holds back its key only', async () => {
    const tries: string[] = []
    let away = true
    const failing = through(async (key, id) => {
      tries.push(id)
      if (key === 'a' && away) throw new Retryable('BROKER_UNAVAILABLE', 'away')
    })
    await bench.write(...numbered('a', 3), ...numbered('b', 2))
    relay({ messaging: failing })
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['b-0', 'b-1']))
    await eventually(() => expect(tries.filter((id) => id === 'a-0')).toHaveLength(2))
    expect(tries).not.toContain('a-1')
    const [first] = await bench.database.query<{ attempts: number }>(
      `select attempts from scheduling.outbox where id = 'a-0'`,
    )
    expect(first!.attempts).toBeGreaterThan(0)
    expect(telemetry.lines.filter(({ message }) => message === 'events wait in the outbox')[0]).toMatchObject({
      level: 'warn',
      code: 'BROKER_UNAVAILABLE',
      waiting: 3,
    })
    away = false
    await eventually(() => expect(seen.map(({ id }) => id)).toEqual(['b-0', 'b-1', 'a-0', 'a-1', 'a-2']))
  })

  test('6 the database is free while a publication waits', async () => {
    const gate = newGate()
    await bench.write({ key: 'a', id: 'slow' })
    relay({ messaging: through(() => gate.promise) })
    await eventually(async () => {
      const [row] = await bench.database.query<{ held: boolean }>(
        'select due_at > now() as held from scheduling.outbox',
      )
      expect(row!.held).toBe(true)
    })
    expect(await bench.waiting()).toEqual(['slow'])
    gate.resolve()
  })

  test('8 N4 an event belongs to the trace of the work that wrote it', async () => {
    const traceId = await inSpan(telemetry, 'task', {}, async (span) => {
      await bench.write({ key: 'a', id: 'traced' })
      return span.spanContext().traceId
    })
    relay()
    await eventually(() => expect(seen).toHaveLength(1))
    expect(seen[0]!.traceparent).toContain(traceId)
    const relayed = telemetry.spans.filter(({ name }) => name === `relay ${events.bookingChanged.subject}`)
    expect(relayed.map((span) => span.spanContext().traceId)).toContain(traceId)
  })

  test('stopping publishes what was committed before', async () => {
    const stopped = relay({ everyMs: 3_600_000 })
    await bench.write(...numbered('a', 10))
    stopped.wake()
    await stopped.stop()
    expect(await bench.waiting()).toEqual([])
    await bench.write({ key: 'a', id: 'after' })
    stopped.wake()
    expect(await bench.waiting()).toEqual(['after'])
  })
})
