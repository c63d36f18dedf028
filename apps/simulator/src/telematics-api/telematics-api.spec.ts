import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createFleet } from '../vehicles/fleet.ts'
import { startTelematicsApi, type TelematicsApi } from './telematics-api.ts'

let now = Date.UTC(2026, 0, 15, 12)
let api: TelematicsApi

const get = (query = '', signal?: AbortSignal) =>
  fetch(`http://127.0.0.1:${api.port}/v1/feed${query}`, { signal: signal ?? null })

beforeAll(async () => {
  const fleet = createFleet()
  fleet.add({ vehicleId: 'sim-1' }, now)
  fleet.add({ vehicleId: 'sim-2' }, now)
  api = await startTelematicsApi({ fleet, host: '127.0.0.1', port: 0, now: () => now, requestsPerSecond: 1, burst: 8 })
})

afterAll(() => api.stop())

describe('the telematics API', () => {
  test('L12 gives what arose, page by page, and then nothing until more arises', async () => {
    now += 10_000
    const seen: number[] = []
    let cursor = ''
    for (let more = true; more;) {
      const page = (await (await get(`?cursor=${cursor}&limit=12`)).json()) as {
        frames: { deviceTimeMs: number }[]
        nextCursor: string
        more: boolean
      }
      seen.push(...page.frames.map(({ deviceTimeMs }) => deviceTimeMs))
      ;({ nextCursor: cursor, more } = page)
    }
    expect(seen.length).toBeGreaterThanOrEqual(20)
    expect(await (await get(`?cursor=${cursor}`)).json()).toEqual({ frames: [], nextCursor: cursor, more: false })
  })

  test('L12 refuses nonsense and limits the rate with Retry-After', async () => {
    expect((await get('?limit=lots')).status).toBe(400)
    expect((await get('?cursor=%27%3B--')).status).toBe(400)
    const answers = await Promise.all(Array.from({ length: 10 }, () => get()))
    const limited = answers.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(0)
    expect(Number(limited[0]!.headers.get('retry-after'))).toBeGreaterThan(0)
    now += 60_000
  })

  test('L8 can be made to fail in each way, for as many requests as asked', async () => {
    api.trouble.set('error', 1)
    expect((await get()).status).toBe(500)
    expect((await get()).status).toBe(200)
    api.trouble.set('garbage', 1)
    await expect(get().then((answer) => answer.json())).rejects.toThrow(/JSON/)
    api.trouble.set('disconnect', 1)
    await expect(get()).rejects.toThrow('fetch failed')
    api.trouble.set('hang', 1)
    await expect(get('', AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' })
    expect((await get()).status).toBe(200)
  })
})
