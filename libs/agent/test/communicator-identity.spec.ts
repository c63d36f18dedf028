import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { agentMessages, services, type ServiceName } from '@pitcrew/contracts'
import { deadLetters, forwardSubject, history, requestFilter, requestSubject } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import { openCommunicator, type Communicator, type SaidMessage } from '../src/communicator/index.ts'
import { sharedContext } from '../src/context/index.ts'
import { restrictedBroker, type Client } from './restricted-broker.ts'

let broker: Awaited<ReturnType<typeof restrictedBroker>>
const agents = new Map<ServiceName, Communicator>()
const clients = new Map<ServiceName, Client>()
const heard: string[] = []

const hear = (service: string) => async (message: { kind: string; from: string }) =>
  void heard.push(`${service} ${message.kind} from ${message.from}`)

beforeAll(async () => {
  broker = await restrictedBroker()
  for (const service of services) {
    const messaging = await broker.as(service)
    clients.set(service, messaging)
    const onRequest = async ({ body }: SaidMessage) => [service, body]
    const handlers = { onMessage: hear(service), onBroadcast: hear(service), onHandoff: hear(service), onRequest }
    const communicator = await openCommunicator({ messaging, ...handlers })
    await communicator.follow('news.>', hear(service))
    agents.set(service, communicator)
  }
})

afterAll(async () => {
  await Promise.all([...agents.values()].map((each) => each.stop()))
  await broker.stop()
})

const next = (service: ServiceName) => services[(services.indexOf(service) + 1) % services.length]!
const complaints = (client: Client) =>
  client.telemetry.lines.filter(({ message }) => message === 'the broker reports an error')
const forbidden = { kind: 'terminal', code: 'FORBIDDEN' }

describe.each(services)('%s under its own identity', (service) => {
  test('N5 F5 speaks in every way, is heard, and reads its own history', async () => {
    const [me, other] = [agents.get(service)!, next(service)]
    const work = { workflowId: 'w', taskId: 'w/t', result: 1 }
    await me.notify(other, 'n', 1)
    await me.broadcast('n', 1)
    await me.publish('news.today', 1, { kind: 'status' })
    expect((await me.request(`${other}.i1`, 'q', 1)).body).toEqual([other, 1])
    expect(await (await me.handoff(other, 'h', work)).acknowledged()).toBeNull()
    await eventually(() =>
      expect(heard).toEqual(
        expect.arrayContaining(
          ['notification', 'broadcast', 'status', 'handoff'].map((kind) => `${other} ${kind} from ${me.address}`),
        ),
      ),
    )
    await eventually(async () => {
      const kinds = (await me.history({ agent: me.address })).map(({ kind, from }) => (from === me.address ? kind : ''))
      expect(kinds).toEqual(expect.arrayContaining(['notification', 'broadcast', 'status', 'request', 'handoff']))
    })
  })

  test('N5 F6 shares context and locks', async () => {
    const context = sharedContext(clients.get(service)!, 'w')
    const seen: unknown[] = []
    const watching = await context.watch(({ value }) => seen.push(value))
    await context.withLock('l', { waitMs: 10_000 }, ({ token }) => context.put(service, 1, { fence: token }))
    await context.update<number>(service, (n = 0) => n + 1)
    await eventually(() => expect(seen.slice(-2)).toEqual([1, 2]))
    expect(await context.history(service)).toHaveLength(2)
    await context.delete(service)
    expect(await context.get(service)).toBeUndefined()
    watching.stop()
    await context.clear()
  })

  test('N5 needs nothing that it may not do', () => {
    expect(complaints(clients.get(service)!)).toEqual([])
  })
})

describe.each(['scheduling', 'ueba'] as const)('%s, should it misbehave,', (service) => {
  let rogue: Client
  const victim = 'customer-engagement'
  beforeAll(async () => void (rogue = await broker.as(service, 'rogue')))

  /** What a service may not say, the broker refuses; anything else would come back as an answer or as nobody's. */
  const refused = (subject: string, body = '{"batch":1,"no_wait":true}') =>
    expect(rogue.request(subject, new TextEncoder().encode(body), { timeoutMs: 5_000 })).rejects.toMatchObject(
      forbidden,
    )

  test('N5 F5 cannot speak under another name', async () => {
    const message = agentMessages.direct.codec.fromPartial({ messageId: 'm', from: `${victim}.i1` })
    for (const event of Object.values(agentMessages)) {
      const key = event.key.split('.').map((_, n) => (n === 0 ? victim : 'x'))
      await expect(rogue.publish(event, key, message)).rejects.toMatchObject(forbidden)
    }
    await refused(requestSubject([victim, 'i1'], 1, ['scheduling', 'i1']))
    await refused(forwardSubject(victim, 'i1'))
  })

  test('N5 F5 cannot read what others say to each other', async () => {
    const { direct, exchange } = agentMessages
    for (const key of [undefined, `*.*.*.*.${victim}.*`, `*.*.*.1.${victim}.>`, `${victim}.*.*.*.*.*`])
      await expect(history(rogue, direct, key === undefined ? {} : { key })).rejects.toMatchObject(forbidden)
    await expect(history(rogue, exchange, { key: `${victim}.>` })).rejects.toMatchObject(forbidden)
    await refused('$JS.API.DIRECT.GET.AGENT_MESSAGES', '{"seq":1}')
    await refused(`$JS.API.DIRECT.GET.AGENT_MESSAGES.${direct.subject}.${victim}.i1.status.1.ueba.i1`, '')
    await refused('$JS.API.CONSUMER.CREATE.AGENT_MESSAGES', '{}')
    await refused('$JS.API.CONSUMER.CREATE.AGENT_MESSAGES.own', '{}')
  })

  test('N5 F5 cannot take from another’s inbox, nor settle what is in it, nor change it', async () => {
    const consumer = `${victim}_inbox-1`
    await refused(`$JS.API.CONSUMER.MSG.NEXT.AGENT_MESSAGES.${consumer}`)
    await refused(`$JS.ACK.AGENT_MESSAGES.${consumer}.1.1.1.1.0`)
    await refused(`$JS.API.CONSUMER.INFO.AGENT_MESSAGES.${consumer}`, '')
    for (const operation of ['CREATE', 'UPDATE', 'PURGE', 'DELETE', 'MSG.GET'])
      for (const stream of ['AGENT_MESSAGES', 'AGENT_BROADCASTS', 'KV_context'])
        await refused(`$JS.API.STREAM.${operation}.${stream}`)
  })

  test('N5 F5 cannot listen to another’s requests, nor answer for it', async () => {
    const before = complaints(rogue).length
    await rogue.respond(requestFilter(victim, 'i1'), {}, async () => new Uint8Array())
    await rogue.respond(forwardSubject(victim, 'i1'), {}, async () => new Uint8Array())
    await eventually(() => expect(complaints(rogue).length).toBe(before + 2))
    const answer = await agents.get('gateway')!.request(`${victim}.i1`, 'q', 'for you')
    expect(answer).toMatchObject({ from: `${victim}.i1`, body: [victim, 'for you'] })
  })
})

test('N5 F5 who makes another’s inbox anew with a filter of its own is found out, and nothing of it is delivered', async () => {
  const [rogue, victim] = [await broker.as('scheduling', 'rogue'), 'customer-engagement']
  const { stream, subject } = agentMessages.direct
  const [name, filter] = [`${victim}_inbox-1`, `${subject}.scheduling.>`]
  const config = {
    name,
    durable_name: name,
    filter_subject: filter,
    ack_policy: 'explicit',
    ack_wait: 5e9,
    max_ack_pending: 10_000,
  }
  const body = new TextEncoder().encode(JSON.stringify({ stream_name: stream, config }))
  await rogue.request(`$JS.API.CONSUMER.CREATE.${stream}.${name}.${filter}`, body, { timeoutMs: 5_000 })
  const before = heard.length
  await agents.get('scheduling')!.notify('gateway', 'n', 'for the gateway', { priority: 1 })
  await eventually(async () =>
    expect(await deadLetters(broker.operator).list()).toContainEqual(
      expect.objectContaining({ service: victim, code: 'NOT_FOR_US' }),
    ),
  )
  await eventually(() => expect(heard.slice(before)).toEqual(['gateway notification from scheduling.i1']))
})
