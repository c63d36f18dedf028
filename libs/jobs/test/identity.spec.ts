import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findNatsServer, startBroker, type Broker } from '@pitcrew/broker'
import { connectMessaging, permissionsFor, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { eventually, testTelemetry } from '@pitcrew/testing'
import { defineJob, jobPermissions, jobQueue, perform, provisionJobs, runWorkers } from '../src/index.ts'

const service = 'data-analysis'
const allowed = defineJob<number, number>('allowed', { attempts: 1, rate: { jobs: 100, perMs: 1_000 } })
const foreign = defineJob('foreign')

let home: string
let server: Broker
let agent: Messaging
let operator: Messaging

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'pitcrew-jobs-identity-'))
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  const own = permissionsFor(service)
  const jobs = jobPermissions({ adds: true, performs: [allowed.name] })
  const permissions = {
    publish: { allow: [...own.publish, ...jobs.publish] },
    subscribe: { allow: [...own.subscribe, ...jobs.subscribe] },
    allowResponses: own.allowResponses,
  }
  const users = [
    { name: 'agent', password: 'agent', permissions },
    { name: 'operator', password: 'operator' },
  ]
  server = await startBroker({ executable: path, storeDir: join(home, 'store'), syncAlways: false, users })
  const connect = (user: string) =>
    connectMessaging({
      url: server.url,
      service,
      instance: user,
      telemetry: testTelemetry(service),
      user,
      password: user,
    })
  operator = await connect('operator')
  await provisionStreams(operator.connection, { replicas: 1, fileStorage: true })
  await provisionJobs(operator.connection, { replicas: 1, fileStorage: true })
  agent = await connect('agent')
})

afterAll(async () => {
  await Promise.all([agent.drain(), operator.drain()])
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

test('F7 an identity with the permissions of jobs adds, does, watches, cancels and dead-letters them, and no other kinds', async () => {
  const queue = jobQueue(agent)
  const workers = await runWorkers(agent, {
    jobs: [
      perform(allowed, async (number) => {
        if (number < 0) throw new RangeError('negative')
        return number + 1
      }),
    ],
  })
  await queue.add(allowed, 1, { id: 'now', delayMs: 50 })
  expect(await queue.result(allowed, 'now')).toBe(2)
  await queue.add(allowed, 0, { id: 'ticks', everyMs: 1_000 })
  await eventually(async () => expect((await queue.statistics()).states.completed).toBeGreaterThan(1))
  expect(await queue.cancel('ticks')).toBe('cancelled')
  await queue.add(allowed, -1, { id: 'bad' })
  await eventually(async () => expect((await queue.deadLetters()).jobs.map(({ id }) => id)).toEqual(['bad']))
  await workers.stop()
  await expect(runWorkers(agent, { jobs: [perform(foreign, async () => undefined)] })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  queue.stop()
})
