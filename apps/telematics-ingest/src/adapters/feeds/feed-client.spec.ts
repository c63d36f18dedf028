/** Against a real server, whose answers each test decides. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { eventually } from '@pitcrew/testing'
import type { TelematicsFeed } from '../../handlers/telematics-feed.ts'
import { feedAddress } from './feed-address.ts'
import { feedClient, type FeedClient } from './feed-client.ts'
import { iso15143Feed } from './iso15143/index.ts'
import type { KnownVehicles } from './known-vehicles.ts'
import { samsaraFeed } from './samsara/index.ts'

let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let client: FeedClient
let asked: string[]

beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url!)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = feedAddress(`http://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/base`)!
  client = feedClient(address, { timeoutMs: 300, maxBytes: 1_000, requestsPerSecond: 1_000 })
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const signal = new AbortController().signal
const reply = (status: number, headers: Record<string, string> = {}, body = '{}') => {
  answer = (_, response) => void response.writeHead(status, headers).end(body)
}

describe('L1 a client of a telematics API', () => {
  test('shows its credentials and reads JSON', async () => {
    answer = ({ headers }, response) => void response.end(JSON.stringify({ saw: headers.authorization }))
    expect((await client.get('/x', signal)).json).toEqual({ saw: `Basic ${btoa('u:p')}` })
    expect(asked).toEqual(['/base/x'])
  })

  test.each([
    [301, { location: 'http://127.0.0.1:1/' }, '', 'FEED_MOVED'],
    [401, {}, '', 'FEED_DENIED'],
    [404, {}, '', 'FEED_NOT_FOUND'],
    [410, {}, '', 'FEED_CURSOR_GONE'],
    [500, {}, '', 'FEED_UNAVAILABLE'],
    [200, {}, '<Fleet/>', 'BAD_FEED'],
    [200, {}, `"${'x'.repeat(2_000)}"`, 'BAD_FEED'],
  ])('makes of %p %p %p a %s', async (status, headers, body, code) => {
    reply(status, headers as Record<string, string>, body as string)
    await expect(client.get('/', signal)).rejects.toMatchObject({ code })
    expect(asked).toHaveLength(1)
  })

  test('heeds Retry-After in seconds and as a date', async () => {
    reply(429, { 'retry-after': '7' })
    await expect(client.get('/', signal)).rejects.toMatchObject({ code: 'RATE_LIMITED', afterMs: 7_000 })
    reply(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })
    const failure = (await client.get('/', signal).catch((thrown: unknown) => thrown)) as { afterMs: number }
    expect(failure.afterMs).toBeGreaterThan(50_000)
    expect(failure.afterMs).toBeLessThanOrEqual(60_000)
  })

  test('waits no longer than its timeout, and ends at once when it is stopped', async () => {
    answer = () => undefined
    await expect(client.get('/', signal)).rejects.toMatchObject({ code: 'FEED_TIMEOUT' })
    const stopping = new AbortController()
    const stopped = client.get('/', stopping.signal)
    await eventually(() => expect(asked).toHaveLength(2))
    stopping.abort()
    await expect(stopped).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

const unregistered: KnownVehicles = { name: async (values) => values.frames(({ id }) => id) }
const minutes = 60_000
const time = new Date(Date.now() - minutes).toISOString()

/** Asks until the step is there; every address is asked twice, as each fails at first. */
async function stepOf(feed: TelematicsFeed) {
  const failed = new Set<string>()
  const good = answer
  answer = (request, response) => {
    if (failed.has(request.url!)) return good(request, response)
    failed.add(request.url!)
    response.writeHead(500).end()
  }
  for (let tries = 0; tries < 50; tries++) {
    const step = await feed.next('', signal).catch(() => undefined)
    if (step) return step
  }
  throw new Error('no step in 50 tries')
}

const json = (body: unknown) => (_: unknown, response: ServerResponse) => void response.end(JSON.stringify(body))

test('L8 ISO 15143-3: a step that fails goes on where it was when it is tried again', async () => {
  const machine = (SerialNumber: string) => ({
    EquipmentHeader: { OEMName: 'K', Model: '9', SerialNumber },
    FuelRemaining: { Percent: 50, datetime: time },
  })
  answer = (request, response) =>
    json(
      request.url!.endsWith('/Fleet/1') ? { Equipment: ['a', 'b', 'c'].map(machine), Links: [] } : { FaultCode: [] },
    )(request, response)
  const rest = { faultCodesPath: '/faults/{serial}/{page}', maxAgeMs: 60 * minutes, now: () => Date.now() }
  const step = await stepOf(iso15143Feed({ name: 'iso', client, vehicles: unregistered, ...rest }))
  expect(step.frames.map(({ vehicleId }) => vehicleId)).toEqual(['K-9-a', 'K-9-b', 'K-9-c'])
  expect(step).toMatchObject({ more: false, refused: [] })
  expect(asked).toHaveLength(2 * (1 + 3))
})

test('L8 Samsara-like: a step that fails asks again only for what is missing', async () => {
  const data = [{ id: '1', engineRpm: [{ time, value: 800 }] }]
  answer = (request, response) => {
    const second = request.url!.includes('after=one')
    json({ data, pagination: { endCursor: second ? 'two' : 'one', hasNextPage: !second } })(request, response)
  }
  const step = await stepOf(samsaraFeed({ name: 'sam', client, vehicles: unregistered }))
  expect(step.frames).toMatchObject([{ vehicleId: 'samsara-1', readings: [{ value: 800 }] }])
  expect(asked).toHaveLength(2 * new Set(asked).size)
})

test('L1 Samsara-like: while nothing arises the same cursor is asked again and again', async () => {
  const feed = samsaraFeed({ name: 'sam', client, vehicles: unregistered })
  answer = json({ data: [], pagination: { endCursor: 'e', hasNextPage: false } })
  const { cursor } = await feed.next('', signal)
  const perStep = asked.length
  expect((await feed.next(cursor, signal)).cursor).toBe(cursor)
  answer = json({
    data: [{ id: '1', engineRpm: [{ time, value: 800 }] }],
    pagination: { endCursor: 'f', hasNextPage: false },
  })
  expect((await feed.next(cursor, signal)).frames).toHaveLength(1)
  expect(asked).toHaveLength(3 * perStep)
})
