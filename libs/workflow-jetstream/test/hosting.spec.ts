import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { handle, runAgent } from '@pitcrew/agent'
import { capabilities, type scheduling, type ServiceName } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import { eventually, testBroker, testMessaging, testTelemetry, type TestBroker } from '@pitcrew/testing'
import { defineWorkflow, Definitions, plainLifecycle, type Entry } from '@pitcrew/workflow'
import {
  hostWorkflows,
  inboxSubject,
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
const quick = defineWorkflow<{ name: string }>('quick', 1, plainLifecycle, (flow, input) => {
  flow.task('release', capabilities.releaseHold, { input: { bookingId: input.name } })
})
const family = defineWorkflow<{ names: string[] }>('family', 1, plainLifecycle, (flow, input) => {
  flow.map('each', { over: input.names, concurrency: 4 }, (side, name) =>
    side.child('booked', quick, { input: { name } }),
  )
})
const definitions = new Definitions([definition, quick, family])
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

  test('F2 a parent and its children in other partitions find each other, and how they ended can be asked anywhere', async () => {
    const hosted = await host('f2')
    const done = await agent('s4')
    const names = Array.from({ length: 12 }, (_, n) => `child-${n}`)
    const workflows = workflowClient({ messaging: await connect(), partitions })
    await workflows.start({ id: 'family', definition: 'family', version: 1, input: { names } })
    const ending = await workflows.result({ id: 'family', timeoutMs: 15_000 })
    expect(ending).toMatchObject({ status: 'completed' })
    expect(done.map((line) => line.split(' ')[0]).sort()).toEqual([...names].sort())
    expect(await hosted.client.result({ id: 'family', timeoutMs: 1_000 })).toEqual(ending)
    await eventually(() => expect(hosted.size()).toBe(0))
    await workflows.start({ id: 'slow', definition: 'booking', version: 1, input: { name: 'x' } })
    await expect(workflows.result({ id: 'slow', timeoutMs: 200 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await workflows.terminate({ id: 'slow', reason: 'the test is over', by: 'test' })
  })

  test('F10 a burst is done by agents in batches, and by local steps without them', async () => {
    const local = { [capabilities.releaseHold.name]: () => ({ released: true }) }
    const count = 200
    const starts = (prefix: string) =>
      Array.from({ length: count }, (_, n) => ({
        id: `${prefix}-${n}`,
        definition: 'quick',
        version: 1,
        input: { name: `${prefix}-${n}` },
      }))
    const first = await host('burst')
    const done = await agent('s5')
    await Promise.all(starts('remote').map((start) => first.client.start(start)))
    await Promise.all(starts('remote').map(({ id }) => first.client.result({ id, timeoutMs: 20_000 })))
    expect(done.length).toBe(count)
    expect(new Set(done).size).toBe(count)
    await first.stop()
    const second = await host('burst-local', { local })
    await Promise.all(starts('local').map((start) => second.client.start(start)))
    await Promise.all(starts('local').map(({ id }) => second.client.result({ id, timeoutMs: 20_000 })))
    expect(done.length).toBe(count)
  })

  test('C1 what is no request is refused with what was wrong with it', async () => {
    await host('door')
    const messaging = await connect()
    const bodies = [
      '',
      'start it',
      '{"op":"destroy","id":"x"}',
      '{"op":"get","id":""}',
      '{"op":"submit","id":"x","event":{"type":"task-succeeded","path":"a","attempt":1}}',
      '{"op":"submit","id":"x","event":{"type":"cancelled","reason":7,"by":"me"}}',
    ]
    const ask = (body: string) => messaging.request(inboxSubject(0), Buffer.from(body), { timeoutMs: 1_000 })
    await eventually(() => ask('?'), { timeoutMs: 10_000 })
    for (const body of bodies) {
      const answer: unknown = JSON.parse(Buffer.from(await ask(body)).toString())
      expect([body, answer]).toMatchObject([body, { error: { kind: 'terminal', code: 'BAD_REQUEST' } }])
    }
  })

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
