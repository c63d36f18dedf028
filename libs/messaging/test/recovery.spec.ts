import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Delivery } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { alertAbout, alertRaised, collector, type Client } from './fixture.ts'
import { restartableBroker } from './restartable-broker.ts'

let broker: Awaited<ReturnType<typeof restartableBroker>>
let analyst: Client
let orchestrator: Client

beforeEach(async () => {
  broker = await restartableBroker()
  analyst = await broker.client('data-analysis')
  orchestrator = await broker.client('orchestrator')
})

afterEach(() => broker.stop())

describe('a broker that crashes and comes back', () => {
  test('N1 loses nothing that was acknowledged, and consumers go on by themselves', async () => {
    const { received, keep } = collector<string>()
    await orchestrator.consume(alertRaised, { durable: 'cases' }, async ({ id }) => keep(id))
    await analyst.publish(alertRaised, 'V1', alertAbout('V1'), { id: 'before' })
    await eventually(() => expect(received).toEqual(['before']))

    await broker.kill()
    const during = analyst.publish(alertRaised, 'V2', alertAbout('V2'), { id: 'during' })
    await broker.start()
    await during
    const restarted = performance.now()
    await eventually(() => expect(received).toContain('during'))
    expect(performance.now() - restarted).toBeLessThan(5_000)

    await analyst.publish(alertRaised, 'V3', alertAbout('V3'), { id: 'after' })
    await eventually(() => expect([...new Set(received)].sort()).toEqual(['after', 'before', 'during']))
  })

  test('delivers again what was in hand, to the handler that still works on it only once', async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const { received, keep } = collector<Delivery<unknown>>()
    await orchestrator.consume(alertRaised, { durable: 'cases', ackWaitMs: 1_000 }, async (delivery) => {
      await keep(delivery)
      begun.resolve()
      await release.promise
    })
    await analyst.publish(alertRaised, 'V1', alertAbout('V1'), { id: 'held' })
    await begun.promise
    await broker.kill()
    await broker.start()
    await analyst.publish(alertRaised, 'V2', alertAbout('V2'), { id: 'next' })
    await eventually(() => expect(received.map(({ id }) => id)).toContain('next'))
    release.resolve()
    await eventually(async () => {
      const info = await infoOf(orchestrator, 'orchestrator_cases')
      expect(info).toMatchObject({ num_ack_pending: 0, num_pending: 0 })
    })
    expect(received.map(({ id }) => id)).toEqual(['held', 'next'])
  })

  test('takes consumers up again that it has lost', async () => {
    const { received, keep } = collector<string>()
    await orchestrator.consume(alertRaised, { durable: 'cases', from: 'new' }, async ({ id }) => keep(id))
    await orchestrator.connection.request('$JS.API.CONSUMER.DELETE.ANALYSIS.orchestrator_cases')
    await eventually(() => infoOf(orchestrator, 'orchestrator_cases'))
    await analyst.publish(alertRaised, 'V1', alertAbout('V1'), { id: 'found' })
    await eventually(() => expect(received).toEqual(['found']))
  })

  test('goes on in a stream that was deleted and made again, also with a message that has the number of one in hand', async () => {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const { received, keep } = collector<string>()
    await orchestrator.consume(alertRaised, { durable: 'cases', concurrency: 2 }, async ({ id }) => {
      await keep(id)
      begun.resolve()
      if (id === 'held') await release.promise
    })
    await analyst.publish(alertRaised, 'V1', alertAbout('V1'), { id: 'held' })
    await begun.promise
    await broker.operator.request('$JS.API.STREAM.DELETE.ANALYSIS')
    await broker.provision()
    await analyst.publish(alertRaised, 'V2', alertAbout('V2'), { id: 'same number' })
    await eventually(() => expect(received).toEqual(['held', 'same number']))
    release.resolve()
    await eventually(async () => {
      const info = await infoOf(orchestrator, 'orchestrator_cases')
      expect(info).toMatchObject({ num_ack_pending: 0, num_pending: 0 })
    })
    expect(received).toEqual(['held', 'same number'])
  })
})

async function infoOf(client: Client, consumer: string) {
  const info = (await client.connection.request(`$JS.API.CONSUMER.INFO.ANALYSIS.${consumer}`)).json<
    Record<string, unknown>
  >()
  expect(info).not.toHaveProperty('error')
  return info
}
