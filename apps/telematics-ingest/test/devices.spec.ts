import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { device, telemetry } from '@pitcrew/contracts'
import { connectRpc } from '@pitcrew/rpc'
import { eventually, testTelemetry } from '@pitcrew/testing'
import { collectFrames, freePort, platform, rawFrame, type Ingest, type Platform, type Seen } from './platform.ts'

let world: Platform
let ingest: Ingest
let frames: Seen<telemetry.Frame>[]
const now = Date.now()

beforeAll(async () => {
  world = await platform()
  ingest = await world.start({
    DEVICE_AUTH: 'required',
    DEVICE_FRAMES_PER_SECOND: '50',
    DEVICE_BURST_FRAMES: '100',
  })
  frames = await collectFrames(world.reader, 'devices-test')
})

afterAll(() => world.stop())

const framesOf = (vehicleId: string) => frames.filter(({ message }) => message.vehicleId === vehicleId)
const register = async (deviceId: string, ...vehicleIds: string[]) => {
  const { key } = await ingest.devices.registerDevice({ deviceId, vehicleIds })
  return `Bearer ${deviceId}.${key}`
}
const post = async (authorization: string | undefined, raws: telemetry.RawFrame[], path = '/v1/telemetry') => {
  const answer = await fetch(ingest.http + path, {
    method: 'POST',
    body: JSON.stringify(telemetry.PublishRequest.toJSON({ frames: raws })),
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> }
}
const drive = (vehicleId: string, count: number) =>
  Array.from({ length: count }, (_, i) => rawFrame(vehicleId, now - i * 10))

describe('N5 devices at the doors', () => {
  test('L1 HTTP: who shows no key of a registered device gets no further', async () => {
    const good = await register('h1', 'dev-1')
    for (const wrong of [undefined, '', `${good}x`, good.replace('h1', 'h2'), 'Basic aDE6eA==']) {
      const { status, headers, body } = await post(wrong, [rawFrame('dev-1', now)])
      expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
    expect(await post(good, [rawFrame('dev-1', now)])).toMatchObject({ status: 200, body: { acceptedFrames: 1 } })
    await eventually(() => expect(framesOf('dev-1')).toHaveLength(1))
  })

  test('L1 HTTP: frames of a vehicle that is not the device’s are refused, the rest is taken', async () => {
    const good = await register('h3', 'dev-3')
    const { body } = await post(good, [rawFrame('dev-3', now), rawFrame('dev-1', now - 5)])
    expect(body).toMatchObject({ acceptedFrames: 1, refusedFrames: 1, refusals: [{ code: 'FORBIDDEN_VEHICLE' }] })
    const answer = await fetch(`${ingest.http}/v1/vehicles`, {
      method: 'POST',
      body: '{"vehicleId":"dev-1"}',
      headers: { authorization: good },
    })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'FORBIDDEN'])
    const fleet = await register('h4', '*')
    expect(await post(fleet, drive('dev-4', 2))).toMatchObject({ body: { acceptedFrames: 2, refusedFrames: 0 } })
  })

  test('N2 gRPC: the key goes with the call; a stream ends when its device is revoked, what was answered is kept', async () => {
    await expect(ingest.rpc.publish({ frames: [rawFrame('dev-5', now)] })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
    const metadata = { authorization: await register('g5', 'dev-5') }
    expect(await ingest.rpc.publish({ frames: [rawFrame('dev-5', now)] }, { metadata })).toMatchObject({
      acceptedFrames: 1,
    })
    const call = ingest.rpc.stream({ metadata })
    const answers = call.responses[Symbol.asyncIterator]()
    await call.send({ batch: 1, frames: [rawFrame('dev-5', now - 1)] })
    expect((await answers.next()).value).toMatchObject({ batch: 1, result: { acceptedFrames: 1 } })
    await ingest.devices.revokeDevice({ deviceId: 'g5' })
    let batch = 1
    await expect(
      eventually(
        async () => {
          await call.send({ batch: ++batch, frames: [rawFrame('dev-5', now - batch)] })
          await answers.next()
          return false
        },
        { timeoutMs: 4_000 },
      ),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await eventually(() => expect(framesOf('dev-5').length).toBeGreaterThanOrEqual(2))
  })

  test('L1 HTTP: too many frames of one vehicle are sent back with the time to wait; another vehicle is not held up', async () => {
    const fleet = await register('h6', '*')
    expect((await post(fleet, drive('fast', 120))).status).toBe(200)
    const { status, headers, body } = await post(fleet, drive('fast', 1))
    expect([status, body.code]).toEqual([429, 'RATE_LIMITED'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post(fleet, drive('slow', 1))).status).toBe(200)
  })

  test('N2 gRPC: a stream that is too fast is slowed down, and loses nothing', async () => {
    const metadata = { authorization: await register('g7', 'dev-7') }
    const call = ingest.rpc.stream({ metadata })
    const began = performance.now()
    for (let batch = 0; batch < 7; batch++)
      await call.send({ batch, frames: drive('dev-7', 25 * (batch + 1)).slice(-25) })
    call.end()
    let accepted = 0
    for await (const { result } of call.responses) accepted += result!.acceptedFrames
    expect(accepted).toBe(175)
    // Four batches are the burst and one more goes into debt: two must wait for 25 frames at 50 a second each.
    expect(performance.now() - began).toBeGreaterThan(900)
    await eventually(() => expect(framesOf('dev-7')).toHaveLength(175))
  })

  test('a device door of its own serves Publish and Stream and nothing else', async () => {
    const metadata = { authorization: await register('g8', 'dev-8') }
    const port = await freePort()
    const other = await world.start({ DEVICE_AUTH: 'required', DEVICE_GRPC_PORT: String(port) })
    const address = `127.0.0.1:${port}`
    const door = connectRpc(telemetry.TelemetryServiceClient, address, { telemetry: testTelemetry() })
    const admin = connectRpc(device.DeviceServiceClient, address, { telemetry: testTelemetry() })
    expect(await door.publish({ frames: [rawFrame('dev-8', now)] }, { metadata })).toMatchObject({ acceptedFrames: 1 })
    await expect(door.listVehicles({ limit: 1 }, { metadata })).rejects.toMatchObject({ code: 'UNIMPLEMENTED' })
    await expect(admin.listDevices({ limit: 1 }, { metadata })).rejects.toMatchObject({ code: 'UNIMPLEMENTED' })
    door.close()
    admin.close()
    await other.stop()
  })

  test('the list shows who there is and never a key; a rotated key replaces the old one', async () => {
    const first = await register('l9', 'dev-9')
    const { key } = await ingest.devices.rotateKey({ deviceId: 'l9', overlapSeconds: 0 })
    expect((await post(`Bearer l9.${key}`, [rawFrame('dev-9', now)])).status).toBe(200)
    expect((await post(first, [rawFrame('dev-9', now - 1)])).status).toBe(401)
    const { devices } = await ingest.devices.listDevices({ limit: 100 })
    const listed = devices.find(({ deviceId }) => deviceId === 'l9')
    expect(listed).toMatchObject({ vehicleIds: ['dev-9'], status: 'DEVICE_STATUS_ACTIVE' })
    expect(JSON.stringify(devices)).not.toContain(key)
  })
})
