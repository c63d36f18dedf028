import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { nkeys } from '@nats-io/transport-node'
import { findNatsServer, startBroker, type Broker, type BrokerUser } from '@pitcrew/broker'
import { events, scheduling, type ServiceName } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import { holdPartitions, permissionsFor, provisionStreams } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { alertAbout, bookingOf, clientsOf, collector, type Client } from './fixture.ts'

const password = 'for this test'
const key = nkeys.createUser()
let home: string
let server: Broker
let clients: ReturnType<typeof clientsOf>
let scheduler: Client

const identity = (service: ServiceName): BrokerUser => {
  const { publish, subscribe, allowResponses } = permissionsFor(service)
  return {
    name: service,
    password,
    permissions: { publish: { allow: publish }, subscribe: { allow: subscribe }, allowResponses },
  }
}

const withKey = ({ permissions }: BrokerUser, nkey: string): BrokerUser => ({ nkey, permissions })

const as = (service: ServiceName, instance?: string) => clients.client(service, instance, { user: service, password })

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'pitcrew-permissions-'))
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  const services: ServiceName[] = ['scheduling', 'orchestrator', 'data-analysis']
  const users: BrokerUser[] = [
    { name: 'operator', password },
    withKey(identity('ueba'), key.getPublicKey()),
    ...services.map(identity),
  ]
  server = await startBroker({ executable: path, storeDir: join(home, 'store'), syncAlways: false, users })
  clients = clientsOf(() => server.url)
  const operator = await clients.client('gateway', 'operator', { user: 'operator', password })
  await provisionStreams(operator.connection, { replicas: 1, fileStorage: true })
  scheduler = await as('scheduling')
})

afterAll(async () => {
  await clients.drain()
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

describe('a service under its own identity', () => {
  test('N5 publishes its own events, and is refused another’s', async () => {
    await expect(scheduler.publish(events.bookingChanged, 'c1', bookingOf('c1'))).resolves.toMatchObject({
      duplicate: false,
    })
    const foreign = scheduler.publish(events.alertRaised, 'V1', alertAbout('V1'))
    await expect(foreign).rejects.toMatchObject({ kind: 'terminal', code: 'FORBIDDEN' })
  })

  test('N5 consumes, retries and refuses what it is listed for, and no other event', async () => {
    const orchestrator = await as('orchestrator')
    const { received, keep } = collector<number>()
    await orchestrator.consume(events.bookingChanged, { durable: 'bookings' }, async ({ deliveries }) => {
      await keep(deliveries)
      if (deliveries === 1) throw new Retryable('AGAIN', 'again', { afterMs: 10 })
    })
    await scheduler.publish(events.bookingChanged, 'c2', bookingOf('c2'))
    await eventually(() => expect(received.slice(0, 4).sort()).toEqual(expect.arrayContaining([1, 2])))
    await expect(
      scheduler.consume(events.alertRaised, { durable: 'spy' }, async () => undefined),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('N5 answers and asks through inboxes of its own', async () => {
    const orchestrator = await as('orchestrator', 'i2')
    await orchestrator.respond('workflow.results.1', {}, async (data) => data)
    await expect(scheduler.request('workflow.results.1', new Uint8Array([7]), { timeoutMs: 2_000 })).resolves.toEqual(
      new Uint8Array([7]),
    )
  })

  test('N5 hands out tasks only as the orchestrator', async () => {
    const orchestrator = await as('orchestrator', 'i3')
    const task = scheduling.HoldSlotRequest.encode(scheduling.HoldSlotRequest.fromPartial({})).finish()
    await expect(orchestrator.send('task.scheduling.hold-slot.1', task)).resolves.toMatchObject({ duplicate: false })
    await expect(scheduler.send('task.scheduling.hold-slot.1', task)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('N5 holds partitions of its own', async () => {
    const analyst = await as('data-analysis')
    const onAcquire = async () => ({ release: async () => undefined })
    const holding = await holdPartitions({
      messaging: analyst,
      group: 'frames',
      partitions: 4,
      instance: 'i1',
      onAcquire,
    })
    await eventually(() => expect(holding.held()).toEqual([0, 1, 2, 3]))
    await holding.stop()
  })

  test('N5 comes in by its nkey, and by no other', async () => {
    const seedOf = (pair: typeof key) => new TextDecoder().decode(pair.getSeed())
    const guard = await clients.client('ueba', 'i1', { nkeySeed: seedOf(key) })
    await expect(guard.publish(events.alertRaised, 'V1', alertAbout('V1'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const thief = clients.client('ueba', 'thief', { nkeySeed: seedOf(nkeys.createUser()) })
    await expect(thief).rejects.toMatchObject({ kind: 'terminal', code: 'UNAUTHENTICATED' })
  })

  test('N5 with a wrong password is turned away at once', async () => {
    const refused = clients.client('scheduling', 'thief', { user: 'scheduling', password: 'guessed' })
    await expect(refused).rejects.toMatchObject({ kind: 'terminal', code: 'UNAUTHENTICATED' })
  })
})
