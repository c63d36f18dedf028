import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { ensureIdentities, findNatsServer, startBroker, type BrokerUser } from '@pitcrew/broker'
import { services, type ServiceName } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { jobQueue, platformJobs, provisionJobs, servicePermissions } from '@pitcrew/jobs'
import { connectMessaging, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { startService } from '@pitcrew/service'
import { eventually, testDatabase, testTelemetry, type TestTelemetry } from '@pitcrew/testing'
import { orchestratorOf } from '../src/index.ts'
import { archiveWorkflows } from '../src/adapters/archiving.ts'
import { errands } from './errand.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
}, 60_000)

/** As deployed: each service may do what the pipeline and its jobs say, and no more; who provisions may make streams. */
async function restrictedBroker() {
  const home = mkdtempSync(join(tmpdir(), 'pitcrew-orchestrator-identity-'))
  closing.push(() => rmSync(home, { recursive: true, force: true }))
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  const identities = await ensureIdentities(join(home, 'secrets'), [...services, 'provisioner', 'operator'])
  const users: BrokerUser[] = services.map((service) => {
    const { publish, subscribe, allowResponses } = servicePermissions(service)
    const permissions = { publish: { allow: publish }, subscribe: { allow: subscribe }, allowResponses }
    return { nkey: identities[service].publicKey, permissions }
  })
  const making = {
    publish: { allow: ['$JS.API.INFO', '$JS.API.STREAM.>'] },
    subscribe: { allow: ['_INBOX_gateway.>'] },
  }
  users.push({ nkey: identities.provisioner.publicKey, permissions: making })
  users.push({ nkey: identities.operator.publicKey })
  const broker = await startBroker({ executable: path, storeDir: join(home, 'store'), syncAlways: false, users })
  closing.push(() => broker.stop())
  const as = async (user: ServiceName | 'provisioner' | 'operator'): Promise<Messaging> => {
    const service = user === 'provisioner' || user === 'operator' ? 'gateway' : user
    const telemetry = testTelemetry(service)
    const options = { url: broker.url, service, instance: `as-${user}`, nkeySeed: identities[user].seed, telemetry }
    const messaging = await connectMessaging(options)
    closing.push(() => messaging.drain())
    return messaging
  }
  const { connection } = await as('provisioner')
  await provisionStreams(connection, { replicas: 1, fileStorage: true })
  await provisionJobs(connection, { replicas: 1, fileStorage: true })
  return { url: broker.url, seed: identities.orchestrator.seed, as }
}

const complaints = (telemetry: TestTelemetry) =>
  telemetry.lines.filter(({ message }) => message === 'the broker reports an error')

test('N5 F7 the orchestrator has its recurring job and does it, under its own identity', async () => {
  const { url, seed, as } = await restrictedBroker()
  const database = await testDatabase()
  closing.push(() => database.stop())
  const telemetry = testTelemetry('orchestrator')
  const service = await startService(
    orchestratorOf(() => errands),
    {
      env: {
        NATS_URL: url,
        NATS_NKEY_SEED: seed,
        DATABASE_URL: database.url,
        ORCHESTRATOR_GRPC_PORT: '0',
        ORCHESTRATOR_OPS_PORT: '0',
      },
      telemetry,
    },
  )
  closing.push(() => service.stop())
  const queue = jobQueue(await as('operator'))
  expect(await queue.get(archiveWorkflows.name)).toMatchObject({ state: 'scheduled', recurrence: { everyMs: 60_000 } })
  // Not to wait a minute for the first tick: the same with a second between two.
  await queue.add(archiveWorkflows, null, { id: archiveWorkflows.name, everyMs: 1_000 })
  await eventually(
    async () => expect((await queue.statistics()).kinds[archiveWorkflows.name]?.states.completed).toBeGreaterThan(1),
    { timeoutMs: 20_000 },
  )
  expect(complaints(telemetry)).toEqual([])
}, 60_000)

test('N5 F7 who has no jobs can neither add, take, read nor cancel one; the orchestrator takes its own kinds only', async () => {
  const { as } = await restrictedBroker()
  expect(platformJobs).toEqual({ orchestrator: { adds: true, performs: [archiveWorkflows.name] } })
  const codeOf = (client: Messaging, subject: string): Promise<string> =>
    client.request(subject, new Uint8Array(), { timeoutMs: 5_000 }).then(
      () => 'answered',
      (thrown: unknown) => toFailure(thrown).code,
    )
  const others = ['scheduling', 'data-analysis', 'ueba'] as const
  for (const intruder of await Promise.all(others.map(as))) {
    const subjects = [
      `job.queue.${archiveWorkflows.name}.1.x`,
      'job.at.x',
      'job.void.x',
      'job.cancel',
      '$KV.jobs.job.x.=',
      '$JS.API.DIRECT.GET.KV_jobs',
      `$JS.API.CONSUMER.MSG.NEXT.JOBS.${archiveWorkflows.name}_4`,
      `$JS.API.CONSUMER.CREATE.JOBS.${archiveWorkflows.name}_4.job.queue.${archiveWorkflows.name}.4.*`,
    ]
    for (const subject of subjects) expect([subject, await codeOf(intruder, subject)]).toEqual([subject, 'FORBIDDEN'])
  }
  const orchestrator = await as('orchestrator')
  const subjects = [
    '$JS.API.CONSUMER.CREATE.JOBS.other_4.job.queue.other.4.*',
    '$JS.API.CONSUMER.MSG.NEXT.JOBS.other_4',
    '$JS.API.STREAM.DELETE.JOBS',
    '$JS.API.STREAM.PURGE.JOBS',
  ]
  for (const subject of subjects) expect([subject, await codeOf(orchestrator, subject)]).toEqual([subject, 'FORBIDDEN'])
}, 60_000)
