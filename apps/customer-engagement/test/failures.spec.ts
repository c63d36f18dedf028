import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import { isSigned, signBody, signatureHeader } from '../src/adapters/signature.ts'
import type { Engagement } from '../src/engagement.ts'
import { customer, mailsTo, openWorld, proposal, type World } from './world.ts'

const secret = 'a secret of the webhooks'
const task = {}

let world: World
let provider: Server
let received: { signature: string; body: string }[]
let status: number
let services: Engagement[]

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

async function listen(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

beforeAll(async () => {
  ;[received, status, services] = [[], 202, []]
  world = await openWorld()
  provider = await listen(
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        received.push({ signature: String(request.headers[signatureHeader]), body: Buffer.concat(chunks).toString() })
        response.writeHead(status).end()
      })
    }),
  )
}, 60_000)

afterEach(async () => {
  for (const service of services.splice(0)) await service.stop()
})

afterAll(async () => {
  provider.close()
  await world.stop()
})

async function open(over: Parameters<World['open']>[0]): Promise<Engagement> {
  const service = await world.open(over)
  services.push(service)
  return service
}

const withSms = () => open({ ENGAGEMENT_SMS_WEBHOOK: urlOf(provider), ENGAGEMENT_WEBHOOK_SECRET: secret })
const bothChannels = { channels: ['CHANNEL_EMAIL', 'CHANNEL_SMS'], consents: ['CHANNEL_EMAIL', 'CHANNEL_SMS'] } as const

const both = (id: string, email: string) =>
  customer(id, { email, channels: [...bothChannels.channels], consents: [...bothChannels.consents] })

describe('L8 channels that fail', () => {
  test('L8 a mail server that is down is worth two more tries, then a person takes over', async () => {
    const service = await open({ SMTP_URL: 'smtp://127.0.0.1:1' })
    await service.upsertCustomer({ customer: customer('down') })
    const propose = () => service.proposeAppointment(proposal('down'), task)
    await expect(propose()).rejects.toMatchObject({ kind: 'retryable', code: 'MAIL_UNAVAILABLE' })
    await expect(propose()).rejects.toMatchObject({ kind: 'retryable', code: 'MAIL_UNAVAILABLE' })
    expect((await propose()).message).toMatchObject({
      channel: 'CHANNEL_OPERATOR',
      status: 'MESSAGE_STATUS_SUPPRESSED',
      reason: 'UNDELIVERABLE',
    })
  })

  test('L8 a mail server that is back delivers what the task tries again, once', async () => {
    const broken = await open({ SMTP_URL: 'smtp://127.0.0.1:1' })
    await broken.upsertCustomer({ customer: customer('back') })
    await expect(broken.proposeAppointment(proposal('back'), task)).rejects.toMatchObject({ kind: 'retryable' })
    await world.service.proposeAppointment(proposal('back'), task)
    await world.service.proposeAppointment(proposal('back'), task)
    expect(mailsTo(world.sink, 'back')).toHaveLength(1)
  })

  test('L8 4xx is worth another try, 5xx is not', async () => {
    await world.service.upsertCustomer({ customer: customer('busy', { email: 'busy.1@customers.example' }) })
    await expect(world.service.proposeAppointment(proposal('busy'), task)).rejects.toMatchObject({
      ...{ kind: 'retryable', code: 'MAIL_UNAVAILABLE', details: { responseCode: 451 } },
    })
    await world.service.upsertCustomer({ customer: customer('bounces', { email: 'bounces.1@customers.example' }) })
    const { message } = await world.service.proposeAppointment(proposal('bounces'), task)
    expect(message).toMatchObject({ channel: 'CHANNEL_OPERATOR', reason: 'UNDELIVERABLE' })
  })

  test('N7 the next channel takes over when the mailbox refuses, with a signed request', async () => {
    const service = await withSms()
    await service.upsertCustomer({ customer: both('moved', 'bounces.2@customers.example') })
    const { message } = await service.proposeAppointment(proposal('moved'), task)
    expect(message).toMatchObject({ channel: 'CHANNEL_SMS', status: 'MESSAGE_STATUS_SENT' })
    const { signature, body } = received.at(-1)!
    expect(isSigned(secret, body, signature, world.clock.now())).toBe(true)
    expect(isSigned(secret, `${body} `, signature, world.clock.now())).toBe(false)
    expect(isSigned(secret, body, signature, world.clock.now() + 301_000)).toBe(false)
    expect(JSON.parse(body)).toMatchObject({
      messageId: message!.messageId,
      channel: 'CHANNEL_SMS',
      to: '+5511912345678',
    })
  })

  test('N7 silence by e-mail moves on to SMS, and a webhook that fails is tried again', async () => {
    const service = await withSms()
    await service.upsertCustomer({ customer: both('escalates', 'escalates@customers.example') })
    expect((await service.proposeAppointment(proposal('escalates'), task)).message!.channel).toBe('CHANNEL_EMAIL')
    status = 503
    const second = () => service.proposeAppointment(proposal('escalates', { round: 2 }), task)
    await expect(second()).rejects.toMatchObject({ kind: 'retryable', code: 'WEBHOOK_UNAVAILABLE' })
    status = 202
    expect((await second()).message).toMatchObject({ channel: 'CHANNEL_SMS', kind: 'MESSAGE_KIND_REMINDER' })
  })
})

describe('N7 replies in text', () => {
  test('N7 digits act, STOP opts out first, anything else is left to a person', async () => {
    const service = await withSms()
    const inbound = await listen(createServer(service.inbound))
    const say = async (messageId: string, text: string, sign = secret) => {
      const body = JSON.stringify({ messageId, text })
      const headers = { [signatureHeader]: signBody(sign, body, world.clock.now()) }
      const response = await fetch(`${urlOf(inbound)}/replies`, { method: 'POST', body, headers })
      return { status: response.status, ...((await response.json()) as { understood?: string; code?: string }) }
    }
    await service.upsertCustomer({ customer: { ...both('texting', ''), channels: ['CHANNEL_SMS'] } })
    const { message } = await service.proposeAppointment(proposal('texting'), task)
    const { messageId } = message!

    expect(await say(messageId, '1', 'another secret of webhooks')).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
    })
    expect(await say('msg-unknown', '1')).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await say(messageId, 'cancel my appointment')).toMatchObject({ status: 200, understood: 'unclear' })
    expect(await say(messageId, '2')).toMatchObject({ understood: 'other-time' })
    expect(await say(messageId, 'CANCEL')).toMatchObject({ understood: 'opt-out' })
    const kinds = () => world.heard.replies.filter((reply) => reply.messageId === messageId).map(({ kind }) => kind)
    await eventually(() => expect(kinds()).toEqual(['REPLY_KIND_OTHER_TIME', 'REPLY_KIND_OPT_OUT']))
    inbound.close()
  })
})
