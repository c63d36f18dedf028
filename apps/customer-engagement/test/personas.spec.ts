import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { statusOf, toFailure } from '@pitcrew/errors'
import { eventually } from '@pitcrew/testing'
import type { Engagement } from '../src/engagement.ts'
import { customerRecord, simulatedCustomers } from './simulator.ts'
import { booking, mailsTo, openWorld, proposal, slot, type World } from './world.ts'

let world: World
let pages: Server
let customers: ReturnType<typeof simulatedCustomers>
const task = {}

/** The least of a gateway: shows what a link does, and does it when its form is sent. */
function linkPages(service: () => Engagement): Server {
  return createServer((request, response) => {
    const token = request.url!.slice('/r/'.length)
    const act = async () => {
      if (request.method === 'GET') return service().getLink({ token })
      return service().followLink({ token, ...formOf(await bodyOf(request)) })
    }
    act().then(
      ({ title, text }) => response.writeHead(200).end(`${title}\n${text}`),
      (thrown: unknown) => response.writeHead(statusOf(toFailure(thrown)).http).end(),
    )
  })
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

function formOf(form: URLSearchParams) {
  const notBefore = form.get('notBefore') ?? undefined
  const preference = {
    notBefore,
    notAfter: undefined,
    dayParts: form.getAll('dayParts'),
    weekdays: [],
    centreId: '',
    refusedSlotIds: [],
  }
  const problemSolved = form.get('problemSolved') === 'true'
  return { preference, rating: Number(form.get('rating')), problemSolved, comment: form.get('comment') ?? '' }
}

beforeAll(async () => {
  pages = linkPages(() => world.service)
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
  world = await openWorld({ PUBLIC_URL: `http://127.0.0.1:${(pages.address() as AddressInfo).port}` })
  customers = simulatedCustomers({ sink: world.sink, logger: world.telemetry.logger, reactionMs: 20 })
  for (const persona of ['accepts', 'declines', 'other-time', 'silent', 'slow'] as const) {
    const record = customerRecord({ persona, id: '1', vehicleIds: [`car-${persona}`] })
    await world.service.upsertCustomer({ customer: { ...record, customerId: `customer-${persona}` } })
  }
}, 60_000)

afterAll(async () => {
  await customers.stop()
  pages.close()
  await world.stop()
})

const kindsOf = (persona: string) =>
  world.heard.replies.filter(({ caseId }) => caseId === `case-${persona}`).map(({ kind }) => kind)

describe('L12 simulated customers over e-mail and HTTP', () => {
  test.each([
    ['accepts', 'REPLY_KIND_ACCEPT'],
    ['declines', 'REPLY_KIND_DECLINE'],
    ['slow', 'REPLY_KIND_ACCEPT'],
  ])('L4 L12 %s answers %s', async (persona, kind) => {
    await world.service.proposeAppointment(proposal(persona), task)
    await eventually(() => expect(kindsOf(persona)).toEqual([kind]))
  })

  test('L4 L12 other-time asks for another morning and accepts the second offer', async () => {
    await world.service.proposeAppointment(proposal('other-time'), task)
    await eventually(() => expect(kindsOf('other-time')).toEqual(['REPLY_KIND_OTHER_TIME']))
    expect(world.heard.replies.find(({ caseId }) => caseId === 'case-other-time')?.preference).toMatchObject({
      ...{ dayParts: ['morning'], notBefore: expect.any(String), refusedSlotIds: ['slot-other-time'] },
    })
    const second = booking('other-time', { bookingId: 'booking-2', slot: slot('slot-2', '2026-11-25T09:00:00.000Z') })
    await world.service.proposeAppointment(proposal('other-time', { round: 2, booking: second }), task)
    await eventually(() => expect(kindsOf('other-time')).toEqual(['REPLY_KIND_OTHER_TIME', 'REPLY_KIND_ACCEPT']))
  })

  test('L4 L12 silent gets its reminder and says nothing, while others answer', async () => {
    await world.service.proposeAppointment(proposal('silent'), task)
    await world.service.proposeAppointment(proposal('silent', { round: 2 }), task)
    await world.service.proposeAppointment(proposal('accepts', { caseId: 'case-after' }), task)
    await eventually(() => expect(kindsOf('after')).toEqual(['REPLY_KIND_ACCEPT']))
    expect(mailsTo(world.sink, 'silent.1')).toHaveLength(2)
    expect(kindsOf('silent')).toEqual([])
  })

  test('L6 L12 feedback is given with 5', async () => {
    await world.service.askFeedback({ caseId: 'case-accepts', vehicleId: 'car-accepts' }, task)
    await eventually(() =>
      expect(world.heard.feedback).toMatchObject([{ caseId: 'case-accepts', rating: 5, problemSolved: true }]),
    )
    expect(customers.pressed().every(({ status }) => status === 200)).toBe(true)
  })
})
