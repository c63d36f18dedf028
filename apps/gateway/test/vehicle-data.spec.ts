import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { history, quarantine } from '@pitcrew/contracts'
import { connectRpc, serveRpc, unary } from '@pitcrew/rpc'
import { testTelemetry } from '@pitcrew/testing'
import type { Clients } from '../src/adapters/clients.ts'
import { RateLimit } from '../src/domain/rate-limit.ts'
import { EventFeed } from '../src/handlers/event-feed.ts'
import { gatewayApp } from '../src/handlers/http.ts'
import { keys, withUnasked } from './behind.ts'

const telemetry = testTelemetry()
const asked: unknown[] = []
const noted = <A>(answer: A) => unary(async (request: unknown) => (asked.push(request), answer))

const behind = [
  withUnasked(history.HistoryServiceService, {
    getSignalHistory: noted(
      history.GetSignalHistoryResponse.fromPartial({
        vehicleId: 'v1',
        level: history.HistoryLevel.MINUTE,
        series: [{ path: 'Vehicle.Speed', unit: 'km/h', points: [{ startMs: 60_000, mean: 50, count: 60 }] }],
      }),
    ),
  }),
  withUnasked(quarantine.QuarantineServiceService, {
    listQuarantined: noted({ entries: [quarantine.QuarantineEntry.fromPartial({ entryId: 'q1' })] }),
    getQuarantined: noted({ entry: quarantine.QuarantineEntry.fromPartial({ entryId: 'q1' }) }),
    replayQuarantined: noted({
      results: [{ entryId: 'q1', outcome: quarantine.ReplayOutcome.ACCEPTED, refusals: [] }],
    }),
    discardQuarantined: noted({ discarded: 2 }),
  }),
]

const closing: (() => Promise<unknown>)[] = []
let url: string

beforeAll(async () => {
  const server = await serveRpc({ host: '127.0.0.1', port: 0, telemetry, services: behind })
  const address = `127.0.0.1:${server.port}`
  const clients = {
    history: connectRpc(history.HistoryServiceClient, address, { telemetry }),
    quarantine: connectRpc(quarantine.QuarantineServiceClient, address, { telemetry }),
  }
  const app = await gatewayApp({
    clients: clients as unknown as Clients,
    feed: new EventFeed(1),
    telemetry,
    keys,
    rateLimit: new RateLimit(1_000),
    maxBodyBytes: 10_000,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  closing.push(
    () => server.stop(),
    async () => Object.values(clients).forEach((client) => client.close()),
    async () => (app.server.closeAllConnections(), app.close()),
  )
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

async function ask(path: string, { role = 'viewer', body }: { role?: string; body?: unknown } = {}) {
  asked.length = 0
  const answer = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer key-${role}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown>, asked: asked[0] }
}

describe('N9 vehicle data at the gateway', () => {
  test('L1 history: signals, a range, and points or a resolution', async () => {
    const range = 'from=2026-11-20T12:00:00Z&to=2026-11-20T13:00:00Z'
    const found = await ask(`/v1/vehicles/v1/history?signals=Vehicle.Speed,%20A&${range}&points=60`)
    expect(found.json).toMatchObject({ series: [{ path: 'Vehicle.Speed', unit: 'km/h', points: [{ mean: 50 }] }] })
    const noon = Date.UTC(2026, 10, 20, 12)
    const paths = ['Vehicle.Speed', 'A']
    expect(found.asked).toEqual({
      ...{ vehicleId: 'v1', paths, fromMs: noon, toMs: noon + 3_600_000 },
      ...{ resolutionMs: 0, maxPoints: 60 },
    })
    expect((await ask(`/v1/vehicles/v1/history?${range}&resolution=90`)).asked).toMatchObject({ resolutionMs: 90_000 })
    const usual = (await ask('/v1/vehicles/v1/history')).asked as history.GetSignalHistoryRequest
    expect(usual.toMs - usual.fromMs).toBe(3_600_000)
  })

  test.each(['from=noon', 'from=2026-11-21&to=2026-11-20', 'points=many'])(
    'L1 history?%s is BAD_REQUEST',
    async (query) => {
      expect(await ask(`/v1/vehicles/v1/history?${query}`)).toMatchObject({
        status: 400,
        json: { code: 'BAD_REQUEST' },
      })
    },
  )

  test('N2 the quarantine is listed with filters, and one entry shown', async () => {
    const found = await ask('/v1/quarantine?vehicle=v1&code=TOO_OLD,BAD_DTC&since=2026-11-20&limit=5')
    expect(found.json).toMatchObject({ entries: [{ entryId: 'q1' }] })
    const sinceMs = Date.UTC(2026, 10, 20)
    expect(found.asked).toEqual({ filter: { vehicleId: 'v1', codes: ['TOO_OLD', 'BAD_DTC'], sinceMs }, limit: 5 })
    expect((await ask('/v1/quarantine/quarantine:q1')).asked).toEqual({ entryId: 'quarantine:q1' })
  })

  test('N2 an operator replays and discards, by ids or by a filter, never all by leaving both out', async () => {
    const role = 'operator'
    const some = await ask('/v1/quarantine:replay', { role, body: { ids: ['q1', 'q2'] } })
    expect([some.status, some.asked]).toMatchObject([200, { entryIds: ['q1', 'q2'], filter: undefined, limit: 0 }])
    const filtered = await ask('/v1/quarantine:replay', { role, body: { filter: { codes: ['TOO_OLD'] }, limit: 7 } })
    const filter = { vehicleId: '', codes: ['TOO_OLD'], sinceMs: 0 }
    expect(filtered.asked).toEqual({ entryIds: [], filter, limit: 7 })
    expect((await ask('/v1/quarantine:discard', { role, body: { filter: {} } })).json).toEqual({ discarded: 2 })
    for (const body of [{}, { ids: [] }, { ids: ['q1'], filter: {} }, { filter: { vehicles: 'v1' } }])
      expect(await ask('/v1/quarantine:discard', { role, body })).toMatchObject({ status: 400, asked: undefined })
    expect(await ask('/v1/quarantine:discard', { body: { filter: {} } })).toMatchObject({
      status: 403,
      asked: undefined,
    })
  })
})
