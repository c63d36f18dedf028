import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findNatsServer, startBroker, type Broker } from '@pitcrew/broker'
import { provisionStreams, type Delivery } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { alertAbout, alertRaised, clientsOf, collector } from './fixture.ts'

let home: string
let server: Broker
let clients: ReturnType<typeof clientsOf>

/** On the same port and store as before, as a supervisor would. */
async function start(port = 0, syncAlways = false): Promise<void> {
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  server = await startBroker({ executable: path, storeDir: join(home, 'store'), syncAlways, port })
}

async function crash(): Promise<number> {
  const { port } = server
  server.kill()
  await server.exited
  await server.stop()
  return port
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'pitcrew-recovery-'))
  await start()
  clients = clientsOf(() => server.url)
  const provisioner = await clients.client('gateway', 'provisioner')
  await provisionStreams(provisioner.connection, { replicas: 1, fileStorage: true })
})

afterEach(async () => {
  await clients.drain()
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

describe('a broker that crashes and comes back', () => {
  test('N1 loses nothing that was acknowledged, and consumers go on by themselves', async () => {
    const analyst = await clients.client('data-analysis')
    const orchestrator = await clients.client('orchestrator')
    const { received, keep } = collector<string>()
    await orchestrator.consume(alertRaised, { durable: 'cases' }, async ({ id }) => keep(id))
    await analyst.publish(alertRaised, 'V1', alertAbout('V1'), { id: 'before' })
    await eventually(() => expect(received).toEqual(['before']))

    const port = await crash()
    const during = analyst.publish(alertRaised, 'V2', alertAbout('V2'), { id: 'during' })
    await start(port)
    await during
    const restarted = performance.now()
    await eventually(() => expect(received).toContain('during'))
    expect(performance.now() - restarted).toBeLessThan(5_000)

    await analyst.publish(alertRaised, 'V3', alertAbout('V3'), { id: 'after' })
    await eventually(() => expect([...new Set(received)].sort()).toEqual(['after', 'before', 'during']))
  })

  test('delivers again what was in hand, to the handler that still works on it only once', async () => {
    const analyst = await clients.client('data-analysis')
    const orchestrator = await clients.client('orchestrator')
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
    await start(await crash())
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
    const analyst = await clients.client('data-analysis')
    const orchestrator = await clients.client('orchestrator')
    const { received, keep } = collector<string>()
    await orchestrator.consume(alertRaised, { durable: 'cases', from: 'new' }, async ({ id }) => keep(id))
    await orchestrator.connection.request('$JS.API.CONSUMER.DELETE.ANALYSIS.orchestrator_cases')
    await eventually(() => infoOf(orchestrator, 'orchestrator_cases'))
    await analyst.publish(alertRaised, 'V1', alertAbout('V1'), { id: 'found' })
    await eventually(() => expect(received).toEqual(['found']))
  })
})

async function infoOf(client: Awaited<ReturnType<ReturnType<typeof clientsOf>['client']>>, consumer: string) {
  const info = (await client.connection.request(`$JS.API.CONSUMER.INFO.ANALYSIS.${consumer}`)).json<
    Record<string, unknown>
  >()
  expect(info).not.toHaveProperty('error')
  return info
}
