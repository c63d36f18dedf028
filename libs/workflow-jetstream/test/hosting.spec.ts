import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { handle, runAgent } from '@pitcrew/agent'
import { capabilities, type scheduling, type ServiceName } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import { eventually, testBroker, testMessaging, testTelemetry, type TestBroker } from '@pitcrew/testing'
import { defineWorkflow, Definitions, plainLifecycle, type Entry } from '@pitcrew/workflow'
import {
  hostWorkflows,
  JetStreamLog,
  projectLog,
  provisionWorkflowStreams,
  workflowClient,
  type WorkflowHost,
} from '../src/index.ts'

const definition = defineWorkflow<{ name: string }>('booking', 1, plainLifecycle, (flow, input) => {
  flow.task('release', capabilities.releaseHold, { input: { bookingId: input.name } })
  flow.wait('go', { signals: ['go'], timeoutMs: null, reason: 'a signal' })
  flow.task('release-again', capabilities.releaseHold, { input: { bookingId: input.name } })
})
const definitions = new Definitions([definition])
const partitions = 2

describe('workflows on JetStream', () => {
  let broker: TestBroker
  const closing: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    broker = await testBroker()
    const messaging = await testMessaging(broker, 'orchestrator')
    await provisionWorkflowStreams(messaging.connection, { partitions, replicas: 1 })
    await messaging.drain()
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  afterAll(() => broker.stop())

  async function connect(service: ServiceName = 'orchestrator'): Promise<Messaging> {
    const messaging = await testMessaging(broker, service)
    closing.push(() => messaging.drain())
    return messaging
  }

  async function host(
    instance: string,
    extra: Partial<Parameters<typeof hostWorkflows>[0]> = {},
  ): Promise<WorkflowHost> {
    const messaging = await connect()
    const hosted = await hostWorkflows({
      messaging,
      definitions,
      partitions,
      instance,
      projected: () => Promise.resolve(0),
      onTrouble: () => undefined,
      ...extra,
    })
    closing.push(() => hosted.stop())
    return hosted
  }

  /** An agent that notes what it did. */
  async function agent(instance: string): Promise<string[]> {
    const done: string[] = []
    const messaging = await connect('scheduling')
    const release = handle(capabilities.releaseHold, async ({ bookingId }: scheduling.ReleaseHoldRequest, task) => {
      done.push(`${bookingId} ${task.taskId}`)
      return { released: true }
    })
    const running = await runAgent({
      messaging,
      telemetry: testTelemetry(),
      service: 'scheduling',
      instance,
      version: '0',
      capabilities: [release],
    })
    closing.push(() => running.stop())
    return done
  }

  test('M3 tasks go to agents and their results move the workflow on', async () => {
    await host('a')
    const done = await agent('s1')
    const workflows = workflowClient({ messaging: await connect(), partitions })
    const start = { id: 'm3', definition: 'booking', version: 1, input: { name: 'b1' } }
    await Promise.all([workflows.start(start), workflows.start(start), workflows.start(start)])
    await eventually(async () => expect((await workflows.get('m3')).view.active).toEqual(['go']), { timeoutMs: 10_000 })
    await workflows.signal({ id: 'm3', signal: 'go', signalId: '1', payload: {} })
    await eventually(() => expect(done).toEqual(['b1 m3/release', 'b1 m3/release-again']), { timeoutMs: 10_000 })
    await eventually(() => expect(workflows.get('m3')).rejects.toMatchObject({ code: 'NOT_FOUND' }), {
      timeoutMs: 10_000,
    })
    await expect(workflows.signal({ id: 'm3', signal: 'go', signalId: '2', payload: {} })).rejects.toMatchObject({
      code: 'GONE',
    })
  })

  test('N1 a second orchestrator goes on where the first one was when it died', async () => {
    const messaging = await testMessaging(broker, 'orchestrator')
    const first = await hostWorkflows({
      messaging,
      definitions,
      partitions,
      instance: 'dies',
      projected: () => Promise.resolve(0),
      onTrouble: () => undefined,
    })
    const done = await agent('s2')
    const workflows = workflowClient({ messaging: await connect(), partitions })
    const ids = ['n1-a', 'n1-b', 'n1-c', 'n1-d']
    for (const id of ids) await workflows.start({ id, definition: 'booking', version: 1, input: { name: id } })
    await eventually(() => expect(done).toHaveLength(4), { timeoutMs: 10_000 })
    // As kill -9 leaves it: nothing is released, nothing said.
    await messaging.connection.close()
    const second = await host('lives')
    closing.push(() => first.stop())
    await eventually(() => expect(second.held()).toEqual([0, 1]), { timeoutMs: 20_000 })
    for (const id of ids) await workflows.signal({ id, signal: 'go', signalId: 'go', payload: {} })
    await eventually(() => expect(done).toHaveLength(8), { timeoutMs: 10_000 })
    expect(new Set(done).size).toBe(8)
  }, 60_000)

  test('a writer that lost its place is fenced by the log itself', async () => {
    const { connection } = await connect()
    const first = new JetStreamLog(connection, 0)
    const last = await connectionLast(first)
    const frame = Buffer.alloc(16)
    const [one, two] = await Promise.allSettled([
      first.append(frame, last),
      new JetStreamLog(connection, 0).append(frame, last),
    ])
    expect([one.status, two.status].sort()).toEqual(['fulfilled', 'rejected'])
    const refused = [one, two].find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ code: 'FENCED' })
    await first.cut(last + 1)
  })

  test('a projection sees every transition once and in order', async () => {
    await host('p')
    await agent('s3')
    const messaging = await connect()
    const seen: Entry[] = []
    for (let partition = 0; partition < partitions; partition++) {
      const projection = await projectLog({
        connection: messaging.connection,
        partition,
        durable: 'test',
        handler: async (entries) => void seen.push(...entries),
        onTrouble: (failure) => {
          throw failure
        },
      })
      closing.push(() => projection.stop())
    }
    const workflows = workflowClient({ messaging, partitions })
    await workflows.start({ id: 'projected', definition: 'booking', version: 1, input: { name: 'x' } })
    await workflows.signal({ id: 'projected', signal: 'go', signalId: '1', payload: {} })
    const mine = (): Entry[] => seen.filter(({ id }) => id === 'projected')
    await eventually(() => expect(mine().at(-1)?.after.status).toBe('completed'), { timeoutMs: 10_000 })
    expect(mine().map(({ revision }) => revision)).toEqual([1, 2, 3, 4])
  })
})

async function connectionLast(log: JetStreamLog): Promise<number> {
  let last = 0
  for await (const { sequence } of log.read(0)) last = sequence
  return last
}
