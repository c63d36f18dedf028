import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { telemetry } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import { collectFrames, platform, rawFrame, type Platform, type Seen } from './platform.ts'
import { provider, type Mood, type Provider } from './telematics-provider.ts'

let world: Platform
let api: Provider
let frames: Seen<telemetry.Frame>[]

beforeAll(async () => {
  world = await platform()
  frames = await collectFrames(world.reader, 'polling-test')
})
beforeEach(async () => {
  api = await provider()
})
afterEach(() => api.stop())
afterAll(() => world.stop())

const env = () => ({ TELEMATICS_APIS: api.url, POLL_INTERVAL_MS: '20', POLL_TIMEOUT_MS: '200', POLL_PAGE_FRAMES: '10' })
const timesOf = (vehicleId: string) =>
  frames.filter(({ message }) => message.vehicleId === vehicleId).map(({ message }) => message.deviceTimeMs)
const drive = (vehicleId: string, count: number) => {
  const start = Date.now() - 100_000
  return Array.from({ length: count }, (_, i) => rawFrame(vehicleId, start + i * 100))
}
const cursor = async () =>
  (await world.sql.query<{ cursor: string }>('select cursor from ingest.feed where feed = $1', [api.url]))[0]?.cursor

/** Every frame once, in order, and no other. */
async function expectAll(vehicleId: string, sent: telemetry.RawFrame[]): Promise<void> {
  await eventually(() => expect(new Set(timesOf(vehicleId)).size).toBe(sent.length), { timeoutMs: 15_000 })
  expect(timesOf(vehicleId)).toEqual(sent.map(({ deviceTimeMs }) => deviceTimeMs))
}

describe('polling of a telematics API', () => {
  test('L1 reads every page, then what arises, each frame once although the provider repeats some', async () => {
    const first = drive('polled', 35)
    api.frames.push(...first, first[3]!, first[20]!)
    const ingest = await world.start(env())
    await expectAll('polled', first)
    const later = drive('polled', 5).map((frame) => ({ ...frame, deviceTimeMs: frame.deviceTimeMs + 50_000 }))
    api.frames.push(...later)
    await expectAll('polled', [...first, ...later])
    await eventually(async () => expect(await cursor()).toBe('42'))
    await ingest.stop()
  })

  test('L8 errors, timeouts, nonsense and limits of the API stop nothing and lose nothing', async () => {
    const moods: Mood[] = ['error', 'well', 'garbage', 'hang', 'well', 'disconnect', 'rate-limit', 'well', 'error']
    api.moods.push(...moods)
    const sent = drive('troubled', 55)
    api.frames.push(...sent)
    const ingest = await world.start(env())
    await expectAll('troubled', sent)
    expect(api.moods).toEqual([])
    expect((await ingest.rpc.publish({ frames: [rawFrame('beside', Date.now())] })).acceptedFrames).toBe(1)
    await ingest.stop()
  })

  test('L1 bad readings in a feed are quarantined, the feed goes on', async () => {
    const sent = drive('spoilt', 12)
    api.frames.push(rawFrame('', Date.now()), ...sent, {
      ...rawFrame('spoilt', Date.now()),
      readings: [{ name: '0105', value: NaN, unit: '' }],
    })
    const ingest = await world.start(env())
    await expectAll('spoilt', sent)
    await eventually(async () =>
      expect((await ingest.rpc.listQuarantined({ vehicleId: 'spoilt', limit: 5 })).quarantined).toHaveLength(1),
    )
    await ingest.stop()
  })

  test('N1 a stop in the middle loses nothing and doubles nothing', async () => {
    const sent = drive('stopped', 400)
    api.frames.push(...sent)
    for (let count = 0; count < 3; count++) {
      const before = timesOf('stopped').length
      const ingest = await world.start(env())
      await eventually(() => expect(timesOf('stopped').length).toBeGreaterThan(Math.min(before, sent.length - 1)), {
        timeoutMs: 15_000,
      })
      await ingest.stop()
    }
    const ingest = await world.start(env())
    await expectAll('stopped', sent)
    await ingest.stop()
  })

  test('N1 a crash between the broker and the cursor reads the page again and takes it once', async () => {
    const sent = drive('crashed', 30)
    api.frames.push(...sent)
    const first = await world.start(env())
    await expectAll('crashed', sent)
    await eventually(async () => expect(await cursor()).toBe('30'))
    await first.stop()
    // As if the process had died before it could store the cursor of the last two pages.
    await world.sql.query('update ingest.feed set cursor = $2 where feed = $1', [api.url, '10'])
    const second = await world.start(env())
    await eventually(async () => expect(await cursor()).toBe('30'))
    const after = drive('crashed', 1).map((frame) => ({ ...frame, deviceTimeMs: Date.now() }))
    api.frames.push(...after)
    await expectAll('crashed', [...sent, ...after])
    await second.stop()
  })

  test('L8 a provider that no longer knows the cursor is read from its oldest frame', async () => {
    const sent = drive('forgotten', 15)
    api.frames.push(...sent)
    api.moods.push('well', 'gone')
    const ingest = await world.start(env())
    await expectAll('forgotten', sent)
    expect(api.asked.filter((asked) => asked === '').length).toBeGreaterThan(1)
    await ingest.stop()
  })

  test('L1 two instances share the feeds: nothing is read twice', async () => {
    const sent = drive('shared', 200)
    api.frames.push(...sent)
    const both = await Promise.all([world.start(env()), world.start(env())])
    await expectAll('shared', sent)
    expect(new Set(api.asked.slice(0, 15)).size).toBe(15)
    await Promise.all(both.map((ingest) => ingest.stop()))
  })
})
