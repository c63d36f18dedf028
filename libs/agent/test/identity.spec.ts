import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  agent,
  capabilities,
  events,
  services,
  streams,
  ueba,
  type Capability,
  type ServiceName,
} from '@pitcrew/contracts'
import { deadLetters, taskDurable, taskPriorities, taskSubject, workQueue, type AnyEvent } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { handle, runAgent, type Handler, type RunningAgent } from '@pitcrew/agent'
import { restrictedBroker, type Client } from './restricted-broker.ts'

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- capabilities of any request and response
const offered: readonly Capability<any, any>[] = Object.values(capabilities)
const agents = services.filter((service) => offered.some((capability) => capability.service === service))
const ofService = (service: ServiceName) => offered.filter((capability) => capability.service === service)
const allEvents: readonly AnyEvent[] = Object.values(events)

let broker: Awaited<ReturnType<typeof restrictedBroker>>
let engine: Client
let guard: Client
const clients = new Map<ServiceName, Client>()
const running: RunningAgent[] = []
const results: agent.TaskResult[] = []
const activities: agent.Activity[] = []
const beats: agent.Heartbeat[] = []
const done: string[] = []
let tasks = 0

beforeAll(async () => {
  broker = await restrictedBroker()
  engine = await broker.as('orchestrator')
  guard = await broker.as('ueba')
  await engine.respond('workflow.results.3', {}, async (data) => {
    const request = agent.ReportResultsRequest.decode(data)
    results.push(...request.results)
    const receptions = request.results.map(() => ({ refusal: undefined }))
    return agent.ReportResultsResponse.encode({ receptions }).finish()
  })
  engine.listen('agent.heartbeat.>', (data) => void beats.push(agent.Heartbeat.decode(data)))
  await guard.consume(
    events.activitiesRecorded,
    { durable: 'audit' },
    async ({ message }) => void activities.push(...message.activities),
  )
  for (const service of agents) await begin(service)
})

afterAll(async () => {
  await Promise.all(running.map((each) => each.stop()))
  await broker.stop()
})

async function begin(service: ServiceName): Promise<void> {
  const messaging = await broker.as(service)
  clients.set(service, messaging)
  const { telemetry, instance } = messaging
  running.push(
    await runAgent({ messaging, telemetry, service, instance, version: '1', capabilities: handlersOf(service) }),
  )
}

function handlersOf(service: ServiceName): Handler[] {
  return ofService(service).map((capability) =>
    handle(capability, async (_input, { taskId }) => {
      done.push(`${service} ${taskId}`)
      return capability.response.fromPartial({})
    }),
  )
}

async function dispatch(capability: string, priority: (typeof taskPriorities)[number]): Promise<agent.Task> {
  const workflowId = `wf-${++tasks}`
  const input = Buffer.from('{}')
  const task = agent.Task.fromPartial({
    taskId: `${workflowId}/t`,
    workflowId,
    capability,
    attempt: 1,
    partition: 3,
    input,
  })
  await engine.send(taskSubject(capability, priority), agent.TaskBatch.encode({ tasks: [task] }).finish(), {
    id: task.taskId,
  })
  return task
}

const forbidden = { kind: 'terminal', code: 'FORBIDDEN' }

/** What a service may not say, the broker refuses; anything else would come back as an answer or as nobody's. */
const refused = (client: Client, subject: string) =>
  expect(
    client.request(subject, new TextEncoder().encode('{"batch":1,"no_wait":true}'), { timeoutMs: 5_000 }),
  ).rejects.toMatchObject(forbidden)

const complaints = (client: Client) =>
  client.telemetry.lines.filter(({ message }) => message === 'the broker reports an error')

test('N5 the services that are agents are those that offer capabilities', () => {
  expect([...agents].sort()).toEqual(['customer-engagement', 'data-analysis', 'manufacturing-insights', 'scheduling'])
})

describe.each(agents)('%s under its own identity', (service) => {
  test('N5 does tasks of all its capabilities and priorities, reports and records them', async () => {
    const sent: agent.Task[] = []
    for (const { name } of ofService(service))
      for (const priority of taskPriorities) sent.push(await dispatch(name, priority))
    const ids = sent.map(({ taskId }) => taskId)
    await eventually(() => expect(results.map(({ taskId }) => taskId)).toEqual(expect.arrayContaining(ids)))
    const outcomes = results.filter(({ taskId }) => ids.includes(taskId))
    expect(outcomes.map(({ agent: actor, failure }) => [actor, failure])).toEqual(
      ids.map(() => [`${service}.i1`, undefined]),
    )
    await eventually(() =>
      expect(activities.map(({ activityId }) => activityId)).toEqual(
        expect.arrayContaining(ids.map((id) => `${id}:1`)),
      ),
    )
    await eventually(() => expect(beats.map(({ service: from }) => from)).toContain(service))
    await eventually(async () => {
      for (const { name } of ofService(service)) expect(await waiting(name)).toBe(0)
    })
  })

  test('N5 puts what it cannot read into its dead letter', async () => {
    const subject = taskSubject(ofService(service)[0]!.name, 1)
    await engine.send(subject, new TextEncoder().encode('garbage'))
    await eventually(async () => {
      const letters = await deadLetters(broker.operator).list()
      expect(letters).toContainEqual(expect.objectContaining({ service, subject, code: 'UNDECODABLE' }))
    })
  })

  test('L10 hears that it is blocked, and that it is released', async () => {
    const capability = ofService(service)[0]!.name
    const { telemetry } = clients.get(service)!
    const said = (words: string) =>
      eventually(() => expect(telemetry.lines.map(({ message }) => message).join('\n')).toContain(words))
    const word = () => ({ actor: service, reason: 'a test', decidedBy: 'ueba', at: new Date().toISOString() })
    await guard.publish(events.agentBlocked, service, ueba.AgentBlocked.fromPartial(word()))
    await said('this agent is blocked')
    const task = await dispatch(capability, 1)
    await guard.publish(events.agentReleased, service, ueba.AgentReleased.fromPartial(word()))
    await eventually(() => expect(results.map(({ taskId }) => taskId)).toContain(task.taskId))
  })

  test('N5 needs nothing that it may not do', () => {
    expect(complaints(clients.get(service)!)).toEqual([])
  })
})

describe.each(agents)('%s, should it misbehave,', (service) => {
  let rogue: Client
  beforeAll(async () => void (rogue = await broker.as(service, 'rogue')))

  test('N5 cannot publish an event of another', async () => {
    const foreign = allEvents.filter(({ producers }) => !producers.includes(service))
    expect(foreign.length).toBeGreaterThan(5)
    for (const event of foreign) {
      const key = event.key.split('.').map(() => 'x')
      await expect(rogue.publish(event, key, event.codec.fromPartial({}))).rejects.toMatchObject(forbidden)
    }
  })

  test('N5 cannot take a task of another from its queue, nor settle it, nor make a queue for it', async () => {
    const foreign = offered.filter((capability) => capability.service !== service)
    for (const { name } of foreign) {
      const durable = taskDurable(name, 2)
      await refused(rogue, `$JS.API.CONSUMER.MSG.NEXT.TASKS.${durable}`)
      await refused(rogue, `$JS.ACK.TASKS.${durable}.1.1.1.1.0`)
      const names = { stream: 'TASKS', durable, subject: taskSubject(name, 2), ackWaitMs: 1_000 }
      const queue = workQueue(rogue, { ...names, onWork: () => undefined, onEmpty: () => undefined })
      await expect(queue).rejects.toMatchObject(forbidden)
    }
    const own = taskDurable(ofService(service)[0]!.name, 2)
    await refused(rogue, `$JS.API.CONSUMER.CREATE.TASKS.${own}.${taskSubject(foreign[0]!.name, 2)}`)
    await refused(rogue, '$JS.API.CONSUMER.CREATE.TASKS.own.task.>')
    await refused(rogue, '$JS.API.CONSUMER.CREATE.TASKS')
    // The same request for its own queue is answered: that there is nothing.
    const answer = await rogue.connection.request(
      `$JS.API.CONSUMER.MSG.NEXT.TASKS.${own}`,
      '{"batch":1,"no_wait":true}',
    )
    expect(answer.headers?.code).toBe(404)
  })

  test('N5 cannot hand out tasks, nor answer as the engine', async () => {
    await expect(rogue.send(taskSubject(ofService(service)[0]!.name, 1), new Uint8Array())).rejects.toMatchObject(
      forbidden,
    )
    await rogue.respond('workflow.results.3', {}, async (data) => data)
    for (const subject of ['workflow.inbox.3', 'agent.task-cancelled']) rogue.connection.publish(subject, '{}')
    await eventually(() => expect(complaints(rogue).length).toBeGreaterThan(0))
    const task = await dispatch(ofService(service)[0]!.name, 1)
    await eventually(() => expect(results.map(({ taskId }) => taskId)).toContain(task.taskId))
  })

  test('N5 cannot make, change, empty or delete a stream, nor delete a consumer', async () => {
    for (const stream of [...Object.keys(streams), 'KV_leases', 'OF_MY_OWN']) {
      for (const operation of ['CREATE', 'UPDATE', 'PURGE', 'DELETE', 'MSG.DELETE', 'MSG.GET'])
        await refused(rogue, `$JS.API.STREAM.${operation}.${stream}`)
      await refused(rogue, `$JS.API.CONSUMER.DELETE.${stream}.${taskDurable(ofService(service)[0]!.name, 1)}`)
    }
  })
})

test('N5 the engine hands out tasks and can neither take them nor touch their stream', async () => {
  for (const { name } of offered) await refused(engine, `$JS.API.CONSUMER.MSG.NEXT.TASKS.${taskDurable(name, 1)}`)
  for (const operation of ['CREATE', 'UPDATE', 'PURGE', 'DELETE'])
    await refused(engine, `$JS.API.STREAM.${operation}.TASKS`)
})

test('N5 every task was done by the agent that it was for, once', () => {
  expect(new Set(done).size).toBe(done.length)
  expect(done.length).toBe(tasks)
})

async function waiting(capability: string): Promise<number> {
  const counts = await Promise.all(
    taskPriorities.map(async (priority) => {
      const api = `$JS.API.CONSUMER.INFO.TASKS.${taskDurable(capability, priority)}`
      const info = (await broker.operator.connection.request(api)).json<{
        num_pending: number
        num_ack_pending: number
      }>()
      return info.num_pending + info.num_ack_pending
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}
