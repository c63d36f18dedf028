import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { agent, agentMessages, type ServiceName } from '@pitcrew/contracts'
import { Retryable, Terminal } from '@pitcrew/errors'
import { connectMessaging, deadLetters, type Messaging } from '@pitcrew/messaging'
import { eventually, testBroker, testTelemetry, type TestBroker, type TestTelemetry } from '@pitcrew/testing'
import {
  messageKinds,
  openCommunicator,
  type Communicator,
  type CommunicatorOptions,
  type ErrorMessage,
  type HandoffMessage,
  type SaidMessage,
} from '../src/communicator/index.ts'

type Client = Messaging & { telemetry: TestTelemetry }

let broker: TestBroker
const open: Communicator[] = []
const clients: Client[] = []

beforeAll(async () => void (broker = await testBroker()))

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()))
  await Promise.all(clients.splice(1).map((each) => each.drain()))
  const [operator] = clients
  for (const stream of ['AGENT_MESSAGES', 'AGENT_BROADCASTS'])
    await operator?.connection.request(`$JS.API.STREAM.PURGE.${stream}`)
})

afterAll(async () => {
  await Promise.all(clients.map((each) => each.drain()))
  await broker.stop()
})

async function client(service: ServiceName, instance: string): Promise<Client> {
  const telemetry = testTelemetry(service)
  const messaging = await connectMessaging({ url: broker.url, service, instance, telemetry })
  clients.push(messaging as Client)
  return messaging as Client
}

type Handlers = Omit<CommunicatorOptions, 'messaging'>

async function agentOf(service: ServiceName, instance = 'i1', handlers: Handlers = {}): Promise<Communicator> {
  const communicator = await openCommunicator({ messaging: await client(service, instance), ...handlers })
  open.push(communicator)
  return communicator
}

/** A handler that keeps what it was given. */
function inbox<T = SaidMessage | ErrorMessage>() {
  const received: T[] = []
  return { received, keep: async (message: T) => void received.push(message) }
}

const bodies = (messages: readonly unknown[]) => messages.map((message) => (message as SaidMessage).body)
const work = { workflowId: 'w1', taskId: 'w1/diagnose', result: { cause: 'hose' } }

describe('a direct message', () => {
  beforeAll(async () => void (await client('gateway', 'operator')))

  test('F5 reaches the agent that it is for, whole, and no other', async () => {
    const [one, two, other] = [inbox(), inbox(), inbox()]
    const sender = await agentOf('orchestrator')
    await agentOf('scheduling', 'i.1', { onMessage: one.keep })
    await agentOf('scheduling', 'i.2', { onMessage: two.keep })
    await agentOf('data-analysis', 'i.1', { onMessage: other.keep })
    const sent = await sender.notify('scheduling.i.1', 'slot.freed', { slot: 7 }, { priority: 2, conversation: 'c1' })
    await sender.status('scheduling.i.2', 'case.progress', 40)
    await eventually(() => expect(one.received).toEqual([sent]))
    expect(sent).toMatchObject({
      kind: 'notification',
      from: 'orchestrator.i1',
      to: 'scheduling.i.1',
      topic: 'slot.freed',
      priority: 2,
      conversation: 'c1',
      body: { slot: 7 },
    })
    await eventually(() => expect(two.received).toMatchObject([{ kind: 'status', body: 40 }]))
    expect(one.received).toHaveLength(1)
    expect(other.received).toEqual([])
  })

  test('F5 to a service reaches one of its instances, once', async () => {
    const all = inbox()
    const sender = await agentOf('orchestrator')
    await agentOf('scheduling', 'i1', { onMessage: all.keep })
    await agentOf('scheduling', 'i2', { onMessage: all.keep })
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    await Promise.all(numbers.map((n) => sender.notify('scheduling', 'n', n)))
    await eventually(() => expect(all.received.length).toBeGreaterThanOrEqual(20))
    expect(bodies(all.received).sort((a, b) => Number(a) - Number(b))).toEqual(numbers)
  })

  test('F5 waits for a receiver that is away, also when its service is not', async () => {
    const { received, keep } = inbox()
    const sender = await agentOf('orchestrator')
    const first = await agentOf('scheduling', 'i1', { onMessage: async () => undefined })
    await agentOf('scheduling', 'i2', { onMessage: async () => undefined })
    await first.stop()
    await sender.notify('scheduling.i1', 'n', 'while away')
    await eventually(() =>
      expect(clients.flatMap(({ telemetry }) => telemetry.lines).map(({ error }) => error)).toContainEqual(
        expect.objectContaining({ code: 'AGENT_AWAY' }),
      ),
    )
    await agentOf('scheduling', 'i1', { onMessage: keep })
    await eventually(() => expect(bodies(received)).toEqual(['while away']))
  })

  test('L9 F5 that is more urgent is delivered before those that wait longer', async () => {
    const gate = Promise.withResolvers<void>()
    const handled: unknown[] = []
    const sender = await agentOf('orchestrator')
    const messaging = await client('scheduling', 'i1')
    const onMessage = async (message: SaidMessage | ErrorMessage) => {
      if (handled.push((message as SaidMessage).body) === 1) await gate.promise
    }
    open.push(await openCommunicator({ messaging, concurrency: 1, onMessage }))
    await sender.notify('scheduling', 'n', 'at work')
    await eventually(() => expect(handled).toEqual(['at work']))
    for (const priority of [4, 3, 2, 1, 4, 1] as const) await sender.notify('scheduling', 'n', priority, { priority })
    await eventually(async () => expect(await unfetched()).toBe(0))
    // What was on its way has arrived when the broker answers behind it.
    await messaging.connection.flush()
    gate.resolve()
    await eventually(() => expect(handled).toHaveLength(7))
    expect(handled.slice(1)).toEqual([1, 1, 2, 3, 4, 4])
  })

  test('L9 F5 whose time is over is not delivered', async () => {
    const { received, keep } = inbox()
    const sender = await agentOf('orchestrator')
    let nowMs = Date.now()
    const stopped = await agentOf('scheduling')
    await stopped.stop()
    await sender.notify('scheduling', 'n', 'brief', { expiresInMs: 60_000 })
    await sender.notify('scheduling', 'n', 'long', { expiresInMs: 6_000_000 })
    nowMs += 61_000
    await agentOf('scheduling', 'i2', { onMessage: keep, nowMs: () => nowMs })
    await eventually(() => expect(bodies(received)).toEqual(['long']))
    const lines = clients.flatMap(({ telemetry }) => telemetry.lines).map(({ message }) => message)
    expect(lines).toContain('a message came too late and is not delivered')
  })

  test('F5 is tried again when its handler fails for now, and refused when it fails for good', async () => {
    const tries: unknown[] = []
    const sender = await agentOf('orchestrator')
    await agentOf('scheduling', 'i1', {
      onMessage: async (message) => {
        const { body } = message as SaidMessage
        tries.push(body)
        if (body === 'bad') throw new Terminal('UNWANTED', 'not this')
        if (tries.filter((each) => each === 'good').length < 2) throw new Retryable('BUSY', 'later', { afterMs: 10 })
      },
    })
    await sender.notify('scheduling', 'n', 'good')
    await sender.notify('scheduling', 'n', 'bad')
    await eventually(() => expect(tries.sort()).toEqual(['bad', 'good', 'good']))
    await eventually(async () => {
      const letters = await deadLetters(clients[0]!).list()
      expect(letters).toContainEqual(expect.objectContaining({ service: 'scheduling', code: 'UNWANTED' }))
    })
  })

  test('F5 that says it is from somebody else than who published it is refused', async () => {
    const { received, keep } = inbox()
    await agentOf('scheduling', 'i1', { onMessage: keep })
    const forger = await client('ueba', 'i1')
    const message = agent.AgentMessage.fromPartial({
      messageId: 'm1',
      kind: agent.MessageKind.NOTIFICATION,
      priority: agent.Priority.HIGH,
      from: 'orchestrator.i1',
      to: 'scheduling.i1',
      topic: 'n',
      sentAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      body: Buffer.from('1'),
    })
    await forger.publish(agentMessages.direct, ['ueba', 'i1', 'notification', '2', 'scheduling', 'i1'], message)
    await eventually(async () => {
      const letters = await deadLetters(clients[0]!).list()
      expect(letters).toContainEqual(expect.objectContaining({ code: 'FORGED_MESSAGE' }))
    })
    expect(received).toEqual([])
  })

  test('F5 to nobody that can be, or about no topic, is refused at once', async () => {
    const sender = await agentOf('orchestrator')
    for (const to of ['', 'nobody', 'scheduling.', 'scheduling.*', 'everyone.i1'])
      await expect(sender.notify(to, 'n', 1)).rejects.toMatchObject({ kind: 'terminal', code: 'BAD_ADDRESS' })
    await expect(sender.notify('scheduling', 'a b', 1)).rejects.toMatchObject({ code: 'BAD_TOPIC' })
    await expect(sender.notify('scheduling', 'n', 1, { expiresInMs: 0 })).rejects.toMatchObject({ code: 'BAD_EXPIRY' })
  })
})

describe('a request', () => {
  test('F5 L9 is answered, and the answer belongs to it', async () => {
    const asker = await agentOf('orchestrator')
    const asked: SaidMessage[] = []
    const answerer = await agentOf('data-analysis', 'i1', {
      onRequest: async (request) => {
        asked.push(request)
        return { twice: Number(request.body) * 2 }
      },
    })
    const answers = await Promise.all(
      [1, 2, 3].map((n) => asker.request(n === 2 ? 'data-analysis' : answerer.address, 'double', n)),
    )
    expect(bodies(answers)).toEqual([{ twice: 2 }, { twice: 4 }, { twice: 6 }])
    for (const answer of answers) {
      const request = asked.find(({ id }) => id === answer.correlation)
      expect(answer).toMatchObject({ kind: 'response', from: answerer.address, conversation: request?.conversation })
      expect(Number(request?.body) * 2).toBe((answer.body as { twice: number }).twice)
    }
  })

  test('F5 that fails at the other side fails with that side’s words', async () => {
    const asker = await agentOf('orchestrator')
    const failures = [
      new Terminal('NO_SUCH_VEHICLE', 'no', { hint: 'register it' }),
      new Retryable('BUSY', 'later', { afterMs: 7 }),
    ]
    await agentOf('data-analysis', 'i1', { onRequest: async ({ body }) => Promise.reject(failures[Number(body)]) })
    await expect(asker.request('data-analysis', 'q', 0)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'NO_SUCH_VEHICLE',
      hint: 'register it',
    })
    await expect(asker.request('data-analysis', 'q', 1)).rejects.toMatchObject({ code: 'BUSY', afterMs: 7 })
  })

  test('F5 L9 that is not answered in time fails then', async () => {
    const asker = await agentOf('orchestrator')
    const gate = Promise.withResolvers<null>()
    await agentOf('data-analysis', 'i1', { onRequest: () => gate.promise })
    const late = asker.request('data-analysis', 'q', 1, { timeoutMs: 100 })
    await expect(late).rejects.toMatchObject({ kind: 'retryable', code: 'DEADLINE_EXCEEDED' })
    gate.resolve(null)
    const nobody = asker.request('scheduling', 'q', 1, { timeoutMs: 100 })
    await expect(nobody).rejects.toMatchObject({ kind: 'retryable', code: 'NO_RESPONDERS' })
    await expect(asker.request('scheduling', 'q', 1, { timeoutMs: 600_000 })).rejects.toMatchObject({
      code: 'BAD_TIMEOUT',
    })
  })

  test('F5 waits for an agent that starts again', async () => {
    const asker = await agentOf('orchestrator')
    const answer = asker.request('data-analysis', 'q', 1, { timeoutMs: 20_000 })
    await agentOf('data-analysis', 'i1', { onRequest: async () => 'here' })
    expect((await answer).body).toBe('here')
  })

  test('F5 L9 whose time is over before its turn is not handled, and who asked is told so', async () => {
    const asker = await agentOf('orchestrator')
    const gate = Promise.withResolvers<string>()
    const handled: unknown[] = []
    let nowMs = Date.now()
    const onRequest = ({ body }: SaidMessage) => {
      handled.push(body)
      return gate.promise
    }
    await agentOf('data-analysis', 'i1', { concurrency: 1, nowMs: () => nowMs, onRequest })
    const first = asker.request('data-analysis', 'q', 'first', { timeoutMs: 20_000 })
    await eventually(() => expect(handled).toEqual(['first']))
    const second = asker.request('data-analysis', 'q', 'second', { timeoutMs: 20_000, expiresInMs: 10_000 })
    const third = asker.request('data-analysis', 'q', 'third', { timeoutMs: 20_000, expiresInMs: 600_000 })
    const refused = expect(second).rejects.toMatchObject({ kind: 'terminal', code: 'EXPIRED' })
    await asker.history({ last: 1 })
    nowMs += 60_000
    gate.resolve('done')
    await refused
    expect(bodies(await Promise.all([first, third]))).toEqual(['done', 'done'])
    expect(handled).toEqual(['first', 'third'])
  })
})

describe('a handoff', () => {
  test('F5 gives a result and its context over, and hears that it was taken', async () => {
    const sender = await agentOf('data-analysis')
    const { received, keep } = inbox<HandoffMessage>()
    await agentOf('scheduling', 'i1', { onHandoff: async (message) => (await keep(message), { accepted: true }) })
    const handoff = { ...work, context: { tried: ['codes'] }, space: 'w1', note: 'please book' }
    const pending = await sender.handoff('scheduling', 'diagnosis.finished', handoff)
    expect(await pending.acknowledged()).toEqual({ accepted: true })
    expect(received).toMatchObject([{ kind: 'handoff', from: 'data-analysis.i1', handoff }])
  })

  test('F5 survives its receiver: another run of it takes it over, once', async () => {
    const sender = await agentOf('data-analysis')
    const begun = Promise.withResolvers<void>()
    const never = Promise.withResolvers<void>()
    const crashing = await client('scheduling', 'i1')
    const onHandoff = () => (begun.resolve(), never.promise)
    await openCommunicator({ messaging: crashing, onHandoff })
    const pending = await sender.handoff('scheduling', 'diagnosis.finished', work)
    await begun.promise
    await crashing.connection.close()
    await expect(pending.acknowledged(1)).rejects.toMatchObject({ kind: 'retryable', code: 'NOT_ACKNOWLEDGED' })
    const { received, keep } = inbox<HandoffMessage>()
    await agentOf('scheduling', 'i1', { onHandoff: keep })
    expect(await pending.acknowledged(20_000)).toBeNull()
    expect(received).toHaveLength(1)
    never.resolve()
  })

  test('F5 that is refused, or comes too late, is reported to who handed it over', async () => {
    const sender = await agentOf('data-analysis')
    let nowMs = Date.now()
    const onHandoff = () => Promise.reject(new Terminal('NOT_MINE', 'ask another', { hint: 'customer-engagement' }))
    await agentOf('scheduling', 'i1', { nowMs: () => nowMs, onHandoff })
    await agentOf('customer-engagement', 'i1')
    const refused = await sender.handoff('scheduling', 'd', work)
    await expect(refused.acknowledged()).rejects.toMatchObject({ kind: 'terminal', code: 'NOT_MINE' })
    const unheard = await sender.handoff('customer-engagement', 'd', work)
    await expect(unheard.acknowledged()).rejects.toMatchObject({ kind: 'terminal', code: 'NO_HANDLER' })
    nowMs += 7_200_000
    const late = await sender.handoff('scheduling', 'd', work)
    await expect(late.acknowledged()).rejects.toMatchObject({ kind: 'terminal', code: 'EXPIRED' })
  })
})

describe('what is for many', () => {
  test('F5 a broadcast reaches every other agent, each instance once', async () => {
    const heard: string[] = []
    const hear = (name: string) => ({
      onBroadcast: async ({ body }: SaidMessage) => void heard.push(`${name} ${body}`),
    })
    const sender = await agentOf('orchestrator', 'i1', hear('sender'))
    await agentOf('orchestrator', 'i2', hear('o2'))
    await agentOf('scheduling', 'i1', hear('s1'))
    await agentOf('scheduling', 'i2', hear('s2'))
    const sent = await sender.broadcast('platform.quiet', 'hush', { priority: 1 })
    expect(sent).toMatchObject({ kind: 'broadcast', to: '' })
    await eventually(() => expect(heard.sort()).toEqual(['o2 hush', 's1 hush', 's2 hush']))
  })

  test('F5 a broadcast survives a receiver’s restart', async () => {
    const { received, keep } = inbox<SaidMessage>()
    const sender = await agentOf('orchestrator')
    const before = await agentOf('scheduling', 'i1', { onBroadcast: keep })
    await before.stop()
    await sender.broadcast('n', 'while away')
    await agentOf('scheduling', 'i1', { onBroadcast: keep })
    await eventually(() => expect(bodies(received)).toEqual(['while away']))
  })

  test('F5 a topic reaches those who follow it, by pattern too, and instances that share it once', async () => {
    const heard: string[] = []
    const hear =
      (name: string) =>
      async ({ topic, kind }: SaidMessage) =>
        void heard.push(`${name} ${kind} ${topic}`)
    const publisher = await agentOf('data-analysis')
    const [a, b] = [await agentOf('scheduling', 'i1'), await agentOf('scheduling', 'i2')]
    await a.follow('diagnosis.finished', hear('exact'))
    await a.follow('diagnosis.*', hear('star'))
    await a.follow('>', hear('all'))
    for (const each of [a, b]) await each.follow('diagnosis.>', hear('shared'), { shared: 'team' })
    await publisher.publish('diagnosis.finished', 1)
    await publisher.publish('diagnosis.node.started', 1, { kind: 'status' })
    const expected = [
      'all notification diagnosis.finished',
      'all status diagnosis.node.started',
      'exact notification diagnosis.finished',
      'shared notification diagnosis.finished',
      'shared status diagnosis.node.started',
      'star notification diagnosis.finished',
    ]
    await eventually(() => expect(heard.sort()).toEqual(expected))
    await expect(a.follow('a.>.b', hear('odd'))).rejects.toMatchObject({ code: 'BAD_TOPIC' })
  })
})

describe('the history', () => {
  test('F5 has all seven kinds, and finds by agent, conversation, kind, topic and time', async () => {
    const one = await agentOf('data-analysis', 'i1', { onMessage: async () => undefined })
    const two = await agentOf('scheduling', 'i1', {
      onMessage: async () => undefined,
      onHandoff: async () => 'taken',
      onRequest: async ({ body }) => (body === 'bad' ? Promise.reject(new Terminal('BAD', 'no')) : 'fine'),
    })
    const { conversation } = await one.notify(two.address, 'first', 1)
    await one.status(two.address, 'progress', 50, { conversation })
    await one.broadcast('all', 1)
    await one.publish('diagnosis.finished', 1)
    await one.request(two.address, 'q', 'good', { conversation })
    await expect(one.request(two.address, 'q', 'bad')).rejects.toMatchObject({ code: 'BAD' })
    await (await one.handoff(two.address, 'd', work)).acknowledged()
    await eventually(async () => expect(await one.history()).toHaveLength(10))
    const all = await one.history()
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(messageKinds))
    expect(all.map(({ sentAt }) => sentAt)).toEqual(all.map(({ sentAt }) => sentAt).sort())

    const kinds = async (query: Parameters<typeof one.history>[0]) => (await one.history(query)).map(({ kind }) => kind)
    expect(await kinds({ conversation })).toEqual(['notification', 'status', 'request', 'response'])
    expect(await kinds({ kind: 'error' })).toEqual(['error'])
    expect(await kinds({ topic: 'q', last: 2 })).toEqual(['request', 'error'])
    expect(await kinds({ agent: 'scheduling', kind: 'handoff' })).toEqual(['handoff'])
    expect(await kinds({ agent: 'customer-engagement' })).toEqual([])
    const middle = all[4]!.sentAt
    expect(await one.history({ until: middle })).toEqual(all.filter(({ sentAt }) => sentAt < middle))
    expect(await one.history({ since: middle })).toEqual(all.filter(({ sentAt }) => sentAt >= middle))
    expect(await one.history({ last: 3 })).toEqual(all.slice(-3))
    expect((await two.history({ kind: 'handoff' })).map(({ to }) => to)).toEqual([two.address])
  })
})

test('F5 a message carries the trace from who sends it to who handles it', async () => {
  const messaging = await client('orchestrator', 'traced')
  const sender = await openCommunicator({ messaging })
  open.push(sender)
  const receiver = await client('scheduling', 'traced')
  const { received, keep } = inbox()
  open.push(await openCommunicator({ messaging: receiver, onMessage: keep }))
  await sender.notify('scheduling', 'n', 1)
  await eventually(() => expect(received).toHaveLength(1))
  const sent = messaging.telemetry.spans.find(({ name }) => name.startsWith('send agent.message.sent.v1.'))
  await eventually(() =>
    expect(receiver.telemetry.spans.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toContain(
      sent?.spanContext().spanId,
    ),
  )
})

/** Messages for scheduling's inbox that no instance has fetched. */
async function unfetched(): Promise<number> {
  const counts = await Promise.all(
    [1, 2, 3, 4].map(async (priority) => {
      const api = `$JS.API.CONSUMER.INFO.AGENT_MESSAGES.scheduling_inbox-${priority}`
      return (await clients[0]!.connection.request(api)).json<{ num_pending: number }>().num_pending
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}
