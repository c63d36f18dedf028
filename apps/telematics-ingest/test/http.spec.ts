import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { events, telemetry, telemetryPartitions } from '@pitcrew/contracts'
import { partitionOf } from '@pitcrew/messaging'
import { eventually } from '@pitcrew/testing'
import {
  collect,
  collectFrames,
  collectVehicles,
  platform,
  rawFrame,
  startIngest,
  type Ingest,
  type Platform,
  type Seen,
} from './platform.ts'

const mebi = 1024 * 1024

let world: Platform
let ingest: Ingest
let frames: Seen<telemetry.Frame>[]
let now: number

beforeAll(async () => {
  world = await platform()
  ingest = await world.start()
  frames = await collectFrames(world.reader, 'http-test')
  now = Date.now()
})

afterAll(() => world.stop())

const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(ingest.http + path, {
    method: 'POST',
    body: body as never,
    headers: { 'content-type': 'application/json', ...headers },
  })

const json = (...raws: telemetry.RawFrame[]) => JSON.stringify(telemetry.PublishRequest.toJSON({ frames: raws }))
const framesOf = (vehicleId: string) => frames.filter(({ message }) => message.vehicleId === vehicleId)

describe('POST /v1/telemetry', () => {
  test('N2 takes a JSON batch; what it counts as accepted stands in the stream under its partition and vehicle', async () => {
    const raws = [
      rawFrame('json.1', now - 2000),
      {
        ...rawFrame('json.1', now - 1000),
        readings: [{ name: '0105', value: 194, unit: 'degF' }],
        dtcs: ['P0217'],
        hasDtcs: true,
      },
    ]
    const answer = await post('/v1/telemetry', json(...raws))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      acceptedFrames: 2,
      acceptedReadings: 2,
      quarantinedReadings: 0,
      duplicateFrames: 0,
      refusals: [],
      lateFrames: 0,
      outOfOrderFrames: 0,
      partialFrames: 0,
      refusedFrames: 0,
    })
    const seen = await eventually(() => {
      expect(framesOf('json.1')).toHaveLength(2)
      return framesOf('json.1')
    })
    expect(seen[0]!.key).toBe(`${partitionOf('json.1', telemetryPartitions)}.json.1`)
    const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'
    expect(seen[1]!.message).toMatchObject({
      deviceTimeMs: now - 1000,
      dtcs: ['P0217'],
      hasDtcs: true,
      readings: [{ path: coolant }],
    })
    expect(seen[1]!.message.readings[0]!.value).toBeCloseTo(90, 6)
    expect(seen[1]!.message.receivedTimeMs).toBeGreaterThanOrEqual(now)
  })

  test('N2 takes protobuf, gzip and both at once, and answers in the type that was sent unless asked for the other', async () => {
    const request = (id: string) => telemetry.PublishRequest.encode({ frames: [rawFrame(id, now)] }).finish()
    const protobuf = { 'content-type': 'application/x-protobuf' }
    const answers = await Promise.all([
      post('/v1/telemetry', request('pb'), protobuf),
      post('/v1/telemetry', gzipSync(json(rawFrame('gz', now))), { 'content-encoding': 'gzip' }),
      post('/v1/telemetry', gzipSync(request('pbgz')), {
        ...protobuf,
        'content-encoding': 'gzip',
        accept: 'application/json',
      }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(telemetry.PublishResponse.decode(new Uint8Array(await answers[0]!.arrayBuffer())).acceptedFrames).toBe(1)
    expect(await answers[2]!.json()).toMatchObject({ acceptedFrames: 1 })
    await eventually(() =>
      expect([framesOf('pb'), framesOf('gz'), framesOf('pbgz')].map((seen) => seen.length)).toEqual([1, 1, 1]),
    )
  })

  test('N1 the same batch again adds nothing, a late frame that is new does', async () => {
    const batch = json(rawFrame('twice', now), rawFrame('twice', now - 500))
    expect(await (await post('/v1/telemetry', batch)).json()).toMatchObject({ acceptedFrames: 2, duplicateFrames: 0 })
    expect(await (await post('/v1/telemetry', batch)).json()).toMatchObject({ acceptedFrames: 0, duplicateFrames: 2 })
    expect(await (await post('/v1/telemetry', json(rawFrame('twice', now - 3_600_000)))).json()).toMatchObject({
      acceptedFrames: 1,
    })
    await eventually(() => expect(framesOf('twice')).toHaveLength(3))
  })

  test('N1 two instances that get the same batch at once take it once', async () => {
    const other = await startIngest({ NATS_URL: world.broker.url, DATABASE_URL: world.database.url })
    const batch = json(...Array.from({ length: 50 }, (_, i) => rawFrame('raced', now - i)))
    const send = async (url: string) =>
      (await (
        await fetch(`${url}/v1/telemetry`, {
          method: 'POST',
          body: batch,
          headers: { 'content-type': 'application/json' },
        })
      ).json()) as telemetry.PublishResponse
    const answers = await Promise.all([send(ingest.http), send(other.http)])
    expect(answers[0].acceptedFrames + answers[1].acceptedFrames).toBe(50)
    expect(answers[0].duplicateFrames + answers[1].duplicateFrames).toBe(50)
    await other.stop()
    await eventually(() => expect(framesOf('raced')).toHaveLength(50))
  })

  test('N2 keeps the good of a frame, and the bad can be listed with its reason', async () => {
    const quarantine = await collect<telemetry.Quarantined>(world.reader, events.readingQuarantined, 'http-quarantine')
    const mixed = {
      ...rawFrame('mixed', now),
      readings: [
        ...rawFrame('mixed', now).readings,
        { name: 'Vehicle.Mood', value: 1, unit: '' },
        { name: '0105', value: NaN, unit: '' },
      ],
    }
    const answer = (await (
      await post('/v1/telemetry', json(mixed, rawFrame('mixed', now + 3_600_000)))
    ).json()) as telemetry.PublishResponse
    expect(answer).toMatchObject({ acceptedFrames: 1, acceptedReadings: 1, quarantinedReadings: 3 })
    expect(answer.refusals.map(({ code }) => code)).toEqual(['UNKNOWN_SIGNAL', 'NOT_A_NUMBER', 'FUTURE_DATED'])
    const filter = { vehicleId: 'mixed', codes: [], sinceMs: 0 }
    const { entries } = await ingest.quarantine.listQuarantined({ filter, limit: 10 })
    expect(entries.flatMap(({ refusals }) => refusals.map(({ code }) => code)).sort()).toEqual([
      'FUTURE_DATED',
      'NOT_A_NUMBER',
      'UNKNOWN_SIGNAL',
    ])
    await eventually(() => expect(quarantine.filter(({ key }) => key === 'mixed')).toHaveLength(2))
  })

  test('N2 what devices send cannot break the quarantine', async () => {
    const hostile = {
      ...rawFrame('v\u0000\ud800"\'; drop table ingest.vehicle; --', now),
      readings: [{ name: '\u0000\udfff', value: Infinity, unit: '\u0001' }],
    }
    const answer = await post('/v1/telemetry', JSON.stringify({ frames: [telemetry.RawFrame.toJSON(hostile)] }))
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { acceptedFrames: 0, quarantinedReadings: 1, refusals: [{ code: 'BAD_VEHICLE_ID' }] },
    ])
    const filter = { vehicleId: 'unknown', codes: [], sinceMs: 0 }
    expect((await ingest.quarantine.listQuarantined({ filter, limit: 10 })).entries).toHaveLength(1)
  })

  test.each<[number, string, string | Uint8Array, Record<string, string>]>([
    [400, 'BAD_JSON', '{"frames": [', {}],
    [400, 'BAD_JSON', '', {}],
    [400, 'BAD_BATCH', '[]', {}],
    [400, 'BAD_BATCH', '{"frames":[{"readings":[null]}]}', {}],
    [400, 'BAD_PROTOBUF', new Uint8Array([10, 255, 255]), { 'content-type': 'application/x-protobuf' }],
    [415, 'UNSUPPORTED_MEDIA_TYPE', '<frames/>', { 'content-type': 'text/xml' }],
    [415, 'UNSUPPORTED_ENCODING', '{}', { 'content-encoding': 'br' }],
    [400, 'BAD_GZIP', '{}', { 'content-encoding': 'gzip' }],
    [413, 'TOO_LARGE', 'x'.repeat(8 * mebi + 1), {}],
    [413, 'TOO_LARGE', gzipSync(Buffer.alloc(9 * mebi)), { 'content-encoding': 'gzip' }],
  ])('answers %i %s with a problem and a hint', async (status, code, body, headers) => {
    const answer = await post('/v1/telemetry', body, headers)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    const problem = (await answer.json()) as Record<string, string>
    expect([answer.status, problem.status, problem.code]).toEqual([status, status, code])
    expect(problem.hint).toBeTruthy()
  })

  test('an unknown path is NOT_FOUND', async () => {
    const answer = await fetch(`${ingest.http}/v2/telemetry`)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'NOT_FOUND'])
  })

  test('L14 more than may wait for the broker is refused with Retry-After, not queued', async () => {
    const small = await startIngest({
      NATS_URL: world.broker.url,
      DATABASE_URL: world.database.url,
      MAX_FRAMES_IN_FLIGHT: '100',
    })
    const batch = (i: number) => json(...Array.from({ length: 100 }, (_, n) => rawFrame(`busy-${i}`, now - n)))
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        fetch(`${small.http}/v1/telemetry`, {
          method: 'POST',
          body: batch(i),
          headers: { 'content-type': 'application/json' },
        }),
      ),
    )
    const refused = answers.filter(({ status }) => status === 503)
    expect(refused.length).toBeGreaterThan(0)
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused[0]!.json()).toMatchObject({ code: 'OVERLOADED' })
    await small.stop()
  })
})

describe('POST /v1/vehicles', () => {
  test('N2 registers a vehicle and announces it once, however often it is sent', async () => {
    const vehicles = await collectVehicles(world.reader, 'http-vehicles')
    const papers = {
      vehicleId: 'reg-1',
      vin: '9BWZZZ377VT004251',
      model: 'Civetta',
      modelYear: 2014,
      buildMonth: '2014-03',
    }
    for (let i = 0; i < 3; i++) expect((await post('/v1/vehicles', JSON.stringify(papers))).status).toBe(204)
    expect((await post('/v1/vehicles', JSON.stringify({ ...papers, plant: 'Betim' }))).status).toBe(204)
    await eventually(() =>
      expect(vehicles.map(({ key, message }) => [key, message.plant])).toEqual([
        ['reg-1', ''],
        ['reg-1', 'Betim'],
      ]),
    )
    expect((await ingest.rpc.listVehicles({ limit: 10 })).vehicles).toMatchObject([
      { vehicleId: 'reg-1', plant: 'Betim', modelYear: 2014 },
    ])
  })

  test.each([
    [400, 'BAD_VEHICLE', 'null'],
    [400, 'BAD_VIN', '{"vehicleId":"v","vin":"1"}'],
    [400, 'BAD_VEHICLE_ID', '{}'],
    [409, 'ALREADY_EXISTS', '{"vehicleId":"thief","vin":"9BWZZZ377VT004251"}'],
  ])('answers %i %s', async (status, code, body) => {
    const answer = await post('/v1/vehicles', body)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code])
  })
})
