import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Cancelled, Retryable, Terminal } from '@pitcrew/errors'
import { inSpan } from '@pitcrew/observability'
import { eventually } from '@pitcrew/testing'
import { deadLetters, type Delivery } from '@pitcrew/messaging'
import {
  alertAbout,
  alertEscalated,
  alertRaised,
  bookingChanged,
  bookingOf,
  brokerWithClients,
  collector,
  type Client,
} from './fixture.ts'

let all: Awaited<ReturnType<typeof brokerWithClients>>
let analyst: Client
let orchestrator: Client

beforeAll(async () => {
  all = await brokerWithClients()
  analyst = await all.client('data-analysis')
  orchestrator = await all.client('orchestrator')
})

afterAll(() => all.stop())

describe('an event', () => {
  test('reaches its consumer with its key, id and time, whatever the key holds', async () => {
    const key = 'V 1.*>%/ü'
    const { received, keep } = collector<Delivery<unknown>>()
    const subscription = await orchestrator.consume(alertRaised, { durable: 'odd-key', key: [key] }, keep)
    await analyst.publish(alertRaised, key, alertAbout(key), { id: 'odd-1' })
    await eventually(() => expect(received).toHaveLength(1))
    expect(received[0]).toMatchObject({
      key,
      id: 'odd-1',
      deliveries: 1,
      type: alertRaised,
      message: { vehicleId: key },
    })
    expect(received[0]?.headers.get('ce-source')).toBe('/pitcrew/data-analysis/i1')
    expect(Date.parse(received[0]!.time)).not.toBeNaN()
    await subscription.stop()
  })

  test('published twice under one id is stored once', async () => {
    const first = await analyst.publish(alertRaised, 'twice', alertAbout('twice'), { id: 'twice-1' })
    const second = await analyst.publish(alertRaised, 'twice', alertAbout('twice'), { id: 'twice-1' })
    expect(first.duplicate).toBe(false)
    expect(second).toEqual({ sequence: first.sequence, duplicate: true })
  })

  test('is shared by the instances of one service and given to each of another', async () => {
    const instances = [orchestrator, await all.client('orchestrator', 'i2')]
    const gateway = await all.client('gateway')
    const shared = collector<Delivery<unknown>>()
    const own = collector<Delivery<unknown>>()
    const options = { durable: 'shared', key: 'shared' }
    const subscriptions = await Promise.all([
      ...instances.map((each) => each.consume(alertRaised, options, shared.keep)),
      gateway.consume(alertRaised, options, own.keep),
    ])
    const sent = Array.from({ length: 40 }, (_, n) => ({
      key: 'shared',
      message: alertAbout('shared', `a${n}`),
      id: `shared-${n}`,
    }))
    await analyst.publishMany(alertRaised, sent)
    const ids = sent.map(({ id }) => id).sort()
    await eventually(() => expect(own.received.map(({ id }) => id).sort()).toEqual(ids))
    await eventually(() => expect(shared.received.map(({ id }) => id).sort()).toEqual(ids))
    await Promise.all(subscriptions.map((each) => each.stop()))
  })

  test('of several types comes to one handler that can tell them apart', async () => {
    const { received, keep } = collector<Delivery<unknown>>()
    const subscription = await orchestrator.consume([alertEscalated, bookingChanged], { durable: 'several' }, keep)
    await analyst.publish(alertEscalated, 'several', alertAbout('several'))
    const scheduling = await all.client('scheduling')
    await scheduling.publish(bookingChanged, 'case-1', bookingOf('case-1'))
    await eventually(() =>
      expect(received.map(({ type }) => type.subject).sort()).toEqual([alertEscalated.subject, bookingChanged.subject]),
    )
    await subscription.stop()
  })

  test('waits for a service that is down, and goes on where it stopped', async () => {
    const first = collector<string>()
    const options = { durable: 'resume', key: 'resume' }
    const before = await orchestrator.consume(alertRaised, options, async ({ id }) => first.keep(id))
    await analyst.publish(alertRaised, 'resume', alertAbout('resume'), { id: 'resume-1' })
    await eventually(() => expect(first.received).toEqual(['resume-1']))
    await before.stop()
    await analyst.publish(alertRaised, 'resume', alertAbout('resume'), { id: 'resume-2' })
    const second = collector<string>()
    const after = await orchestrator.consume(alertRaised, options, async ({ id }) => second.keep(id))
    await eventually(() => expect(second.received).toEqual(['resume-2']))
    await after.stop()
  })

  test('L9 carries its trace to the handler, and the id of what it answers', async () => {
    const seen = collector<string | undefined>()
    const subscription = await orchestrator.consume(alertRaised, { durable: 'trace', key: 'trace' }, async () => {
      await seen.keep(trace.getActiveSpan()?.spanContext().traceId)
    })
    const sent = await inSpan(analyst.telemetry, 'detect', {}, async (span) => {
      await analyst.publish(alertRaised, 'trace', alertAbout('trace'))
      return span.spanContext().traceId
    })
    await eventually(() => expect(seen.received).toEqual([sent]))
    const name = 'analysis.alert.raised.v1.{vehicle id}'
    const producer = analyst.telemetry.spans.find(
      (span) => span.spanContext().traceId === sent && span.name === `send ${name}`,
    )
    const consumer = await eventually(() => {
      const found = orchestrator.telemetry.spans.find(
        (span) => span.spanContext().traceId === sent && span.name === `process ${name}`,
      )
      expect(found).toBeDefined()
      return found!
    })
    expect(consumer.parentSpanContext?.spanId).toBe(producer?.spanContext().spanId)
    expect(consumer.attributes).toMatchObject({ 'messaging.system': 'nats', 'messaging.destination.template': name })
    await subscription.stop()
  })

  test('too large for the broker is refused with the limit', async () => {
    const huge = alertAbout('x'.repeat((analyst.connection.info?.max_payload ?? 0) + 1), 'huge')
    await expect(analyst.publish(alertRaised, 'huge', huge)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'TOO_LARGE',
    })
  })

  test('needs a key', async () => {
    await expect(analyst.publish(alertRaised, '', alertAbout(''))).rejects.toMatchObject({
      kind: 'terminal',
      code: 'BAD_KEY',
    })
  })
})

describe('a handler that fails', () => {
  test('Retryable gets the message again, not before the delay it asked for', async () => {
    const times: number[] = []
    const subscription = await orchestrator.consume(
      alertRaised,
      { durable: 'retry', key: 'retry' },
      async ({ deliveries }) => {
        times.push(performance.now())
        if (deliveries < 3) throw new Retryable('DEALER_BUSY', 'later', { afterMs: 300 })
      },
    )
    await analyst.publish(alertRaised, 'retry', alertAbout('retry'))
    await eventually(() => expect(times).toHaveLength(3))
    expect(times[1]! - times[0]!).toBeGreaterThan(280)
    expect(times[2]! - times[1]!).toBeGreaterThan(280)
    await subscription.stop()
  })

  test('Cancelled gives the message back at once', async () => {
    const deliveries: number[] = []
    const subscription = await orchestrator.consume(
      alertRaised,
      { durable: 'cancel', key: 'cancel' },
      async (delivery) => {
        deliveries.push(delivery.deliveries)
        if (delivery.deliveries === 1) throw new Cancelled('STOPPING', 'not now')
      },
    )
    await analyst.publish(alertRaised, 'cancel', alertAbout('cancel'))
    await eventually(() => expect(deliveries).toEqual([1, 2]), { timeoutMs: 1_000 })
    await subscription.stop()
  })

  test('Terminal puts the message into the dead letter with the reason, and does not get it again', async () => {
    let handled = 0
    const subscription = await orchestrator.consume(alertRaised, { durable: 'refuse', key: 'refuse' }, async () => {
      handled++
      throw new Terminal('NO_SUCH_VEHICLE', 'unknown\nvehicle', { hint: 'register it' })
    })
    await analyst.publish(alertRaised, 'refuse', alertAbout('refuse'), { id: 'refuse-1' })
    const letter = await eventually(async () => {
      const found = (await deadLetters(orchestrator).list()).find(({ code }) => code === 'NO_SUCH_VEHICLE')
      expect(found).toBeDefined()
      return found!
    })
    expect(letter).toMatchObject({
      subject: 'analysis.alert.raised.v1.refuse',
      service: 'orchestrator',
      consumer: 'orchestrator_refuse',
      replayed: false,
    })
    expect(handled).toBe(1)
    await subscription.stop()
  })

  test('for as often as it may puts the message into the dead letter', async () => {
    const deliveries: number[] = []
    const subscription = await orchestrator.consume(
      alertRaised,
      { durable: 'tries', key: 'tries', maxDeliver: 3 },
      async (delivery) => {
        deliveries.push(delivery.deliveries)
        throw new Retryable('DEALER_DOWN', 'still', { afterMs: 1 })
      },
    )
    await analyst.publish(alertRaised, 'tries', alertAbout('tries'))
    await eventually(async () =>
      expect((await deadLetters(orchestrator).list()).map(({ code }) => code)).toContain('DEALER_DOWN'),
    )
    expect(deliveries).toEqual([1, 2, 3])
    await subscription.stop()
  })

  test('is not given what cannot be decoded: that goes to the dead letter as UNDECODABLE', async () => {
    const { received, keep } = collector<Delivery<unknown>>()
    const subscription = await orchestrator.consume(alertRaised, { durable: 'garbage', key: 'garbage' }, keep)
    await analyst.send('analysis.alert.raised.v1.garbage', new TextEncoder().encode('{"not": "protobuf"}'))
    await eventually(async () =>
      expect((await deadLetters(orchestrator).list()).map(({ code }) => code)).toContain('UNDECODABLE'),
    )
    expect(received).toEqual([])
    await subscription.stop()
  })
})

describe('a slow handler', () => {
  test('L9 keeps its message for longer than the ack wait, and gets it once', async () => {
    let handled = 0
    const release = Promise.withResolvers<void>()
    const options = { durable: 'slow', key: 'slow', ackWaitMs: 300 }
    const other = await all.client('orchestrator', 'i3')
    const handler = async () => {
      handled++
      await release.promise
    }
    const subscriptions = await Promise.all([
      orchestrator.consume(alertRaised, options, handler),
      other.consume(alertRaised, options, handler),
    ])
    await analyst.publish(alertRaised, 'slow', alertAbout('slow'))
    const started = performance.now()
    await eventually(() => expect(performance.now() - started).toBeGreaterThan(1_000))
    expect(handled).toBe(1)
    release.resolve()
    await Promise.all(subscriptions.map((each) => each.stop()))
  })

  test('L9 that died leaves its message to another instance within the ack wait', async () => {
    const options = { durable: 'died', key: 'died', ackWaitMs: 500 }
    const dying = await all.client('orchestrator', 'dying')
    const begun = Promise.withResolvers<void>()
    const never = Promise.withResolvers<void>()
    await dying.consume(alertRaised, options, () => {
      begun.resolve()
      return never.promise
    })
    await analyst.publish(alertRaised, 'died', alertAbout('died'))
    await begun.promise
    await dying.connection.close()
    const { received, keep } = collector<Delivery<unknown>>()
    const subscription = await orchestrator.consume(alertRaised, options, keep)
    await eventually(() => expect(received.map(({ deliveries }) => deliveries)).toEqual([2]), { timeoutMs: 3_000 })
    never.resolve()
    await subscription.stop()
  })

  test('is waited for by stop, and what it had not begun is given back', async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const done: string[] = []
    const options = { durable: 'stopping', key: 'stopping', concurrency: 1 }
    const subscription = await orchestrator.consume(alertRaised, options, async ({ id }) => {
      begun.resolve()
      await release.promise
      done.push(id)
    })
    await analyst.publishMany(
      alertRaised,
      ['1', '2'].map((n) => ({ key: 'stopping', message: alertAbout('stopping'), id: `stopping-${n}` })),
    )
    await begun.promise
    const stopped = subscription.stop()
    release.resolve()
    await stopped
    expect(done).toEqual(['stopping-1'])
    const { received, keep } = collector<string>()
    const next = await orchestrator.consume(alertRaised, options, async ({ id }) => keep(id))
    await eventually(() => expect(received).toEqual(['stopping-2']), { timeoutMs: 2_000 })
    await next.stop()
  })
})
