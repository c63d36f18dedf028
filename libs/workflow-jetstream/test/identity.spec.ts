import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { handle, runAgent } from '@pitcrew/agent'
import { ensureIdentities, findNatsServer, startBroker, type Broker, type Identity } from '@pitcrew/broker'
import { capabilities, services, type scheduling, type ServiceName } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { connectMessaging, permissionsFor, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { eventually, testTelemetry, type TestTelemetry } from '@pitcrew/testing'
import { defineWorkflow, Definitions, plainLifecycle, type Entry } from '@pitcrew/workflow'
import { hostWorkflows, logStream, projectLog, provisionWorkflowStreams, workflowClient } from '../src/index.ts'
import { snapshotStream } from '../src/streams.ts'

type Client = Messaging & { telemetry: TestTelemetry }
type User = ServiceName | 'provisioner'

const partitions = 2
const definitions = new Definitions([
  defineWorkflow<{ name: string }>('booking', 1, plainLifecycle, (flow, input) => {
    flow.task('release', capabilities.releaseHold, { input: { bookingId: input.name } })
    flow.wait('go', { signals: ['go'], timeoutMs: null, reason: 'a signal' })
    flow.task('release-again', capabilities.releaseHold, { input: { bookingId: input.name } })
  }),
])

let home: string
let server: Broker
let identities: Record<User, Identity>
const closing: (() => Promise<unknown>)[] = []

/** As deployed: each service may do what the pipeline says and no more. */
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'pitcrew-identities-'))
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  identities = await ensureIdentities<User>(join(home, 'secrets'), [...services, 'provisioner'])
  const users = services.map((service) => {
    const { publish, subscribe, allowResponses } = permissionsFor(service)
    const permissions = { publish: { allow: publish }, subscribe: { allow: subscribe }, allowResponses }
    return { nkey: identities[service].publicKey, permissions }
  })
  server = await startBroker({
    executable: path,
    storeDir: join(home, 'store'),
    syncAlways: false,
    users: [...users, { nkey: identities.provisioner.publicKey }],
  })
  const { connection } = await as('provisioner')
  await provisionStreams(connection, { replicas: 1, fileStorage: true })
})

afterAll(async () => {
  for (const close of closing.reverse()) await close()
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

async function as(user: User, instance = 'i1'): Promise<Client> {
  const service = user === 'provisioner' ? 'gateway' : user
  const options = { url: server.url, service, instance, nkeySeed: identities[user].seed }
  const messaging = await connectMessaging({ ...options, telemetry: testTelemetry(service) })
  closing.push(() => messaging.drain())
  return messaging as Client
}

/** What the broker refused, and what went wrong for whatever reason. */
const trouble: string[] = []
const refusals = ({ telemetry }: Client) =>
  telemetry.lines.filter(({ message }) => message === 'the broker reports an error')

async function orchestrator(instance: string) {
  const messaging = await as('orchestrator', instance)
  await provisionWorkflowStreams(messaging.connection, { partitions, replicas: 1 })
  const host = await hostWorkflows({
    messaging,
    definitions,
    partitions,
    instance,
    // Often, so that snapshots are taken and the log is cut.
    snapshotEvery: 4,
    projected: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
    onTrouble: (partition, { code, message }) => void trouble.push(`${partition} ${code} ${message}`),
  })
  closing.push(() => host.stop())
  return { messaging, host }
}

async function agent(done: string[]): Promise<Client> {
  const messaging = await as('scheduling')
  const release = handle(capabilities.releaseHold, async ({ bookingId }: scheduling.ReleaseHoldRequest) => {
    done.push(bookingId)
    return { released: true }
  })
  const { telemetry } = messaging
  const options = { messaging, telemetry, instance: 'i1', version: '1', capabilities: [release] }
  const running = await runAgent({ ...options, service: 'scheduling' })
  closing.push(() => running.stop())
  return messaging
}

test('N5 the orchestrator runs workflows, takes snapshots, cuts the log and moves, under its own identity', async () => {
  const done: string[] = []
  const seen: Entry[] = []
  const { messaging: first, host } = await orchestrator('o1')
  const scheduler = await agent(done)
  for (let partition = 0; partition < partitions; partition++) {
    const projection = await projectLog({
      connection: first.connection,
      partition,
      durable: 'cases',
      handler: async (entries) => void seen.push(...entries),
      onTrouble: (failure) => void trouble.push(failure.message),
    })
    closing.push(() => projection.stop())
  }
  const workflows = workflowClient({ messaging: first, partitions })
  const ids = Array.from({ length: 8 }, (_, n) => `case-${n}`)
  for (const id of ids) await workflows.start({ id, definition: 'booking', version: 1, input: { name: id } })
  await eventually(() => expect(done).toHaveLength(8))
  for (const partition of [0, 1])
    await eventually(async () => {
      expect((await messages(first, snapshotStream(partition))).messages).toBeGreaterThan(0)
      expect((await messages(first, logStream(partition))).first_seq).toBeGreaterThan(1)
    })

  // A second one takes its share, which it reads from the snapshots.
  const { messaging: second, host: other } = await orchestrator('o2')
  await eventually(() => expect([host.held().length, other.held().length]).toEqual([1, 1]), { timeoutMs: 20_000 })
  for (const id of ids) await workflows.signal({ id, signal: 'go', signalId: 'go', payload: {} })
  await eventually(() => expect([...done].sort()).toEqual([...ids, ...ids].sort()), { timeoutMs: 20_000 })
  await eventually(() => expect(seen.filter(({ after }) => after.status === 'completed')).toHaveLength(8))
  expect([first, second, scheduler].flatMap(refusals)).toEqual([])
  expect(trouble).toEqual([])
})

test('N5 nobody but the orchestrator reads or writes the workflows, nor may it delete them', async () => {
  const owner = await as('orchestrator', 'misled')
  const intruder = await as('scheduling', 'rogue')
  const subjects = [
    'workflow.log.0',
    'workflow.snapshot.0.manifest',
    ...['STREAM.CREATE', 'STREAM.INFO', 'STREAM.PURGE', 'STREAM.MSG.GET', 'DIRECT.GET', 'CONSUMER.CREATE'].map(
      (operation) => `$JS.API.${operation}.${logStream(0)}`,
    ),
    `$JS.API.CONSUMER.MSG.NEXT.${logStream(0)}.cases`,
  ]
  for (const subject of subjects) expect([subject, await codeOf(intruder, subject)]).toEqual([subject, 'FORBIDDEN'])
  for (const stream of [logStream(0), 'TASKS', 'SCHEDULING'])
    expect([stream, await codeOf(owner, `$JS.API.STREAM.DELETE.${stream}`)]).toEqual([stream, 'FORBIDDEN'])
})

async function messages({ connection }: Messaging, stream: string) {
  const reply = await connection.request(`$JS.API.STREAM.INFO.${stream}`)
  return reply.json<{ state: { messages: number; first_seq: number } }>().state
}

const codeOf = (client: Client, subject: string): Promise<string> =>
  client.request(subject, new Uint8Array(), { timeoutMs: 5_000 }).then(
    () => 'answered',
    (thrown: unknown) => toFailure(thrown).code,
  )
