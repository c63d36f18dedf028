import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { telemetry } from '@pitcrew/contracts'
import { identityOf } from '@pitcrew/simulator'
import { eventually } from '@pitcrew/testing'
import { collectFrames, platform, rawFrame, type Ingest, type Platform, type Seen } from './platform.ts'
import { provider, simulatedProvider, type Mood, type Provider, type SimulatedProvider } from './telematics-provider.ts'

let world: Platform
let api: Provider
let simulated: SimulatedProvider | undefined
let frames: Seen<telemetry.Frame>[]

beforeAll(async () => {
  world = await platform()
  frames = await collectFrames(world.reader, 'polling-test')
})
beforeEach(async () => {
  api = await provider()
})
afterEach(async () => {
  // Of a test that failed: what still runs would hold the feed of the next one.
  for (const ingest of [...running]) await ingest.stop()
  await api.stop()
  await simulated?.stop()
  simulated = undefined
})
afterAll(() => world.stop())

const running = new Set<Ingest>()

async function start(settings?: Record<string, string>): Promise<Ingest> {
  const ingest = await world.start(settings)
  const stoppable = { ...ingest, stop: () => (running.delete(stoppable), ingest.stop()) }
  running.add(stoppable)
  return stoppable
}

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
    const ingest = await start(env())
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
    const ingest = await start(env())
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
    const ingest = await start(env())
    const filter = { vehicleId: 'spoilt', codes: [], sinceMs: 0 }
    await expectAll('spoilt', sent)
    await eventually(async () =>
      expect((await ingest.quarantine.listQuarantined({ filter, limit: 5 })).entries).toHaveLength(1),
    )
    await ingest.stop()
  })

  test('N1 a stop in the middle loses nothing and doubles nothing', async () => {
    const sent = drive('stopped', 400)
    api.frames.push(...sent)
    for (let count = 0; count < 3; count++) {
      const before = timesOf('stopped').length
      const ingest = await start(env())
      await eventually(() => expect(timesOf('stopped').length).toBeGreaterThan(Math.min(before, sent.length - 1)), {
        timeoutMs: 15_000,
      })
      await ingest.stop()
    }
    const ingest = await start(env())
    await expectAll('stopped', sent)
    await ingest.stop()
  })

  test('N1 a crash between the broker and the cursor reads the page again and takes it once', async () => {
    const sent = drive('crashed', 30)
    api.frames.push(...sent)
    const first = await start(env())
    await expectAll('crashed', sent)
    await eventually(async () => expect(await cursor()).toBe('30'))
    await first.stop()
    // As if the process had died before it could store the cursor of the last two pages.
    await world.sql.query('update ingest.feed set cursor = $2 where feed = $1', [api.url, '10'])
    const second = await start(env())
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
    const ingest = await start(env())
    await expectAll('forgotten', sent)
    expect(api.asked.filter((asked) => asked === '').length).toBeGreaterThan(1)
    await ingest.stop()
  })

  test('L1 two instances share the feeds: nothing is read twice', async () => {
    const sent = drive('shared', 200)
    api.frames.push(...sent)
    // A poll that times out on a busy machine would ask again, and rightly so.
    const patient = { ...env(), POLL_TIMEOUT_MS: '10000' }
    const both = await Promise.all([start(patient), start(patient)])
    await expectAll('shared', sent)
    expect(new Set(api.asked.slice(0, 15)).size).toBe(15)
    await Promise.all(both.map((ingest) => ingest.stop()))
  })
})

const quick = {
  POLL_INTERVAL_MS: '20',
  POLL_TIMEOUT_MS: '1000',
  POLL_REQUESTS_PER_SECOND: '1000',
  ISO15143_INTERVAL_MS: '50',
}
const odometer = 'Vehicle.TraveledDistance'
const hours = 'Vehicle.Powertrain.CombustionEngine.EngineHours'
const framesOf = (vehicleId: string) =>
  frames.flatMap(({ message }) => (message.vehicleId === vehicleId ? [message] : []))
const valuesOf = (vehicleId: string, wanted: string) =>
  framesOf(vehicleId).flatMap(({ readings }) => readings.flatMap(({ path, value }) => (path === wanted ? [value] : [])))
const codesOf = (vehicleId: string) =>
  new Set(framesOf(vehicleId).flatMap((frame) => [...frame.dtcs, ...frame.faults.map(({ code }) => code)]))
const newest = (vehicleId: string) => framesOf(vehicleId).at(-1)?.deviceTimeMs ?? 0
const vinOf = (vehicleId: string) => identityOf(vehicleId).vin

/** Every second from the first to the last, each value of it once. Gives how many. */
function expectGapless(vehicleId: string): number {
  const seen = framesOf(vehicleId)
  const values = seen.flatMap(({ deviceTimeMs, readings }) => readings.map(({ path }) => `${deviceTimeMs} ${path}`))
  expect(new Set(values).size).toBe(values.length)
  const times = [...new Set(seen.map(({ deviceTimeMs }) => deviceTimeMs))].sort((a, b) => a - b)
  expect(times.at(-1)! - times[0]!).toBe((times.length - 1) * 1000)
  return times.length
}

const simulate = async (...wanted: Parameters<typeof simulatedProvider>) =>
  (simulated = await simulatedProvider(...wanted))

describe('polling of the providers that the simulator plays', () => {
  test('N2 Samsara-like: pages, trouble and stops in the middle leave no gap and double nothing', async () => {
    const played = await simulate(['sam-1', 'sam-2'], { reportsPerPage: 40 })
    const settings = { ...quick, TELEMATICS_APIS: played.samsara, TELEMATICS_API_SECRETS: played.secrets }
    const plain = await start()
    const papers = { ...identityOf('sam-2') }
    await plain.rpc.registerVehicle({ vehicle: papers })
    await plain.stop()
    for (const trouble of ['error', 'garbage', 'disconnect', 'hang'] as const) {
      const before = framesOf(vinOf('sam-1')).length
      played.trouble.set(trouble, 2)
      const ingest = await start(settings)
      await eventually(() => expect(framesOf(vinOf('sam-1')).length).toBeGreaterThan(before), { timeoutMs: 15_000 })
      await ingest.stop()
    }
    const ingest = await start(settings)
    await eventually(() => expect(newest('sam-2')).toBeGreaterThan(Date.now() - 10_000), { timeoutMs: 15_000 })
    await ingest.stop()
    expect(expectGapless(vinOf('sam-1'))).toBeGreaterThan(200)
    expectGapless('sam-2')
    expect(codesOf('sam-2')).toEqual(new Set(['SPN168-FMI1']))
  })

  test('N2 ISO 15143-3: pages, fault codes and units come through a rate limit and a stop in the middle', async () => {
    const ids = ['iso-1', 'iso-2', 'iso-3', 'iso-4', 'iso-5']
    const played = await simulate(ids, { machinesPerPage: 2, requestsPerSecond: 8, burst: 3 })
    const settings = { ...quick, TELEMATICS_APIS: played.iso15143, TELEMATICS_API_SECRETS: played.secrets }
    const first = await start(settings)
    await eventually(() => expect(framesOf(vinOf(ids[0]!)).length).toBeGreaterThan(0), { timeoutMs: 15_000 })
    await first.stop()
    const second = await start(settings)
    const codes = () => new Set(ids.flatMap((id) => [...codesOf(vinOf(id))]))
    await eventually(
      async () => {
        for (const id of ids) expect(valuesOf(vinOf(id), hours).length).toBeGreaterThan(0)
        expect([...codes()].sort()).toEqual(['P0562', 'SPN168-FMI1'])
        const metrics = await fetch(`http://127.0.0.1:${second.service.ports.ops}/metrics`)
        expect(await metrics.text()).toMatch(/pitcrew_ingest_feed_entries_refused\S*code="NO_VEHICLE"/)
      },
      { timeoutMs: 30_000 },
    )
    await second.stop()
    // The simulator tells the distance in miles, and the hours by the distance at 42 km/h.
    const [metres] = valuesOf(vinOf(ids[0]!), odometer)
    expect(metres! / 1000 / valuesOf(vinOf(ids[0]!), hours)[0]!).toBeCloseTo(42, 1)
  })

  test('L1 feeds of all kinds are read at once, and what ails one leaves the others alone', async () => {
    const played = await simulate(['many-1'])
    const dead = `samsara+http://127.0.0.1:1`
    const apis = [dead, played.own, played.samsara, played.iso15143]
    const ingest = await start({ ...quick, TELEMATICS_APIS: apis.join(), TELEMATICS_API_SECRETS: played.secrets })
    await eventually(
      () => {
        expect(newest('many-1')).toBeGreaterThan(Date.now() - 10_000)
        expect(valuesOf(vinOf('many-1'), hours).length).toBeGreaterThan(0)
        expect(valuesOf(vinOf('many-1'), 'Vehicle.Speed').length).toBeGreaterThan(0)
      },
      { timeoutMs: 15_000 },
    )
    await ingest.stop()
  })
})
