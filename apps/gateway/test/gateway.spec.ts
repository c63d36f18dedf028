import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { engagement, events, workflow } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { connectRpc, serveRpc, unary } from '@pitcrew/rpc'
import { eventually, testBroker, testMessaging, testTelemetry, type TestBroker } from '@pitcrew/testing'
import type { FastifyInstance } from 'fastify'
import type { Clients } from '../src/adapters/clients.ts'
import { RateLimit } from '../src/domain/rate-limit.ts'
import { EventFeed } from '../src/handlers/event-feed.ts'
import { gatewayApp, type GatewayParts } from '../src/handlers/http.ts'
import { keys, withUnasked } from './behind.ts'

const telemetry = testTelemetry()
const asked: unknown[] = []
const oneCase = workflow.Case.fromPartial({ caseId: 'c1', vehicleId: 'v1', phase: workflow.Phase.SCHEDULED })

/** What the gateway needs of the services behind it, over real gRPC. */
const cases = withUnasked(workflow.CaseServiceService, {
  listCases: unary(async (request: workflow.ListCasesRequest) => (asked.push(request), { cases: [oneCase] })),
  getCase: unary(async () => {
    throw new Terminal('NOT_FOUND', 'there is no case "x"', { hint: 'list the cases' })
  }),
  pauseCase: unary(async (request: workflow.PauseCaseRequest) => (asked.push(request), { case: oneCase })),
  approveCase: unary(async (request: workflow.ApproveCaseRequest) => (asked.push(request), { case: oneCase })),
})
const people = withUnasked(engagement.EngagementServiceService, {
  getLink: unary(async ({ token }: engagement.GetLinkRequest) => {
    if (token === 'bad') throw new Terminal('BAD_LINK', 'the link is not ours')
    return engagement.GetLinkResponse.fromPartial({
      action: 'feedback',
      title: 'How <was> it?',
      text: 'Tell us',
      button: 'Send',
    })
  }),
  followLink: unary(
    async (request: engagement.FollowLinkRequest) => (asked.push(request), { title: 'Thanks', text: 'Noted' }),
  ),
})
describe('N9 the gateway', () => {
  let broker: TestBroker
  let clients: Clients
  const closing: (() => Promise<unknown>)[] = []
  const open: FastifyInstance[] = []

  beforeAll(async () => {
    broker = await testBroker()
    const server = await serveRpc({ host: '127.0.0.1', port: 0, telemetry, services: [cases, people] })
    const address = `127.0.0.1:${server.port}`
    const caseClient = connectRpc(workflow.CaseServiceClient, address, { telemetry })
    const peopleClient = connectRpc(engagement.EngagementServiceClient, address, { telemetry })
    clients = { cases: caseClient, engagement: peopleClient } as unknown as Clients
    closing.push(
      () => broker.stop(),
      () => server.stop(),
      async () => (caseClient.close(), peopleClient.close()),
    )
  })
  afterEach(async () => {
    asked.length = 0
    for (const app of open.splice(0)) {
      app.server.closeAllConnections()
      await app.close()
    }
  })
  afterAll(async () => {
    for (const close of closing.reverse()) await close()
  })

  async function gateway(parts: Partial<GatewayParts> = {}): Promise<FastifyInstance> {
    const app = await gatewayApp({
      clients,
      feed: new EventFeed(2),
      telemetry,
      rateLimit: new RateLimit(1_000),
      maxBodyBytes: 2_000,
      ...parts,
    })
    open.push(app)
    return app
  }

  test('gives cases as proto JSON and passes filters on', async () => {
    const app = await gateway()
    const response = await app.inject('/v1/cases?phase=SCHEDULED,FAILED&vehicle=v1&limit=5')
    expect(response.json()).toMatchObject({ cases: [{ caseId: 'c1', phase: 'PHASE_SCHEDULED' }] })
    expect(asked).toEqual([{ phases: ['PHASE_SCHEDULED', 'PHASE_FAILED'], vehicleId: 'v1', limit: 5 }])
  })

  test.each([
    ['/v1/cases/x', 404, 'NOT_FOUND'],
    ['/v1/cases?phase=DREAMING', 400, 'BAD_REQUEST'],
    ['/v1/cases?limit=-1', 400, 'BAD_REQUEST'],
    ['/nowhere', 404, 'NOT_FOUND'],
  ])('answers %s with problem details', async (url, status, code) => {
    const response = await (await gateway()).inject(url)
    expect(response.headers['content-type']).toMatch('application/problem+json')
    expect(response.json()).toMatchObject({ status, code, hint: expect.any(String) })
  })

  test('refuses a body that is no JSON, or too large', async () => {
    const app = await gateway()
    const send = (payload: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/cases/c1/pause',
        headers: { 'content-type': 'application/json' },
        payload,
      })
    expect((await send('{')).json()).toMatchObject({ code: 'BAD_REQUEST' })
    expect((await send(JSON.stringify({ reason: 'x'.repeat(3_000) }))).json()).toMatchObject({
      code: 'TOO_LARGE',
      status: 413,
    })
    expect(asked).toEqual([])
  })

  test('lets each role do what it may, says who asked, and knows no other way in', async () => {
    const app = await gateway({ keys })
    const pause = (authorization?: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/cases/c1/pause',
        payload: { reason: 'look', subject: 'somebody else' },
        headers: { ...(authorization && { authorization }), 'x-forwarded-user': 'admin' },
      })
    expect((await pause()).json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect((await pause('Bearer wrong')).json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect((await pause('Bearer key-viewer')).json()).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    expect((await pause('Bearer key-operator')).statusCode).toBe(200)
    expect(asked).toEqual([{ caseId: 'c1', reason: 'look', subject: 'operator-1' }])
    const approve = await app.inject({
      method: 'POST',
      url: '/v1/cases/c1/approve',
      payload: { approved: true },
      headers: { authorization: 'Bearer key-operator' },
    })
    expect(approve.json()).toMatchObject({ code: 'FORBIDDEN' })
  })

  test('limits how often one client may ask', async () => {
    const app = await gateway({ rateLimit: new RateLimit(2) })
    await app.inject('/v1/cases')
    await app.inject('/v1/cases')
    const third = await app.inject('/v1/cases')
    expect(third.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('describes itself in OpenAPI', async () => {
    const document = (await (await gateway()).inject('/openapi.json')).json<{
      openapi: string
      paths: Record<string, unknown>
    }>()
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/cases', '/v1/cases/{id}/retry', '/v1/audit/verify']),
    )
  })

  test('N7 shows what a link does and does it only when the button is pressed', async () => {
    const app = await gateway({ keys })
    const token = 'x'.repeat(400)
    const page = await app.inject(`/r/${token}`)
    expect(page.body).toMatch('How &lt;was&gt; it?')
    expect(asked).toEqual([])
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const done = await app.inject({
      method: 'POST',
      url: `/r/${token}`,
      headers,
      payload: 'rating=4&problemSolved=true&comment=fine',
    })
    expect(done.body).toMatch('Thanks')
    expect(asked).toMatchObject([{ token, rating: 4, problemSolved: true, comment: 'fine' }])
    expect((await app.inject('/r/bad')).statusCode).toBe(400)
  })

  test('L11 tells events as they happen, only those that were asked for', async () => {
    const messaging = await testMessaging(broker, 'gateway')
    const producer = await testMessaging(broker, 'orchestrator')
    const feed = new EventFeed(1)
    const feeding = feed.start(messaging)
    const app = await gateway({ feed })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const stop = new AbortController()
    const response = await fetch(`http://127.0.0.1:${port}/v1/events?case=c1`, { signal: stop.signal })
    let text = ''
    const reading = (async () => {
      for await (const chunk of response.body as ReadableStream<Uint8Array>) text += Buffer.from(chunk).toString()
    })().catch((error: Error) => error.name)
    expect((await fetch(`http://127.0.0.1:${port}/v1/events`)).status).toBe(503)
    await producer.publish(events.caseChanged, 'c2', { case: { ...oneCase, caseId: 'c2' }, transition: undefined })
    await producer.publish(events.caseChanged, 'c1', { case: oneCase, transition: undefined })
    await eventually(() => expect(text).toMatch(/event: case\.changed\ndata: .*"c1"/))
    expect(text).not.toMatch('"c2"')
    stop.abort()
    await reading
    await feeding.stop()
    await Promise.all([messaging.drain(), producer.drain()])
  })
})
