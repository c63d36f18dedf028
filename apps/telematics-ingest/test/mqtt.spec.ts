import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { events, telemetry } from '@pitcrew/contracts'
import { connectMessaging, deadLetters, type Messaging } from '@pitcrew/messaging'
import { eventually, testDatabase, testTelemetry, type TestDatabase } from '@pitcrew/testing'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { deviceBroker, type DeviceBroker } from './device-broker.ts'
import { collect, rawFrame, startIngest, type Ingest, type Seen } from './platform.ts'

let world: DeviceBroker
let database: TestDatabase
let ingest: Ingest
let reader: Messaging
let frames: Seen<telemetry.Frame>[]
const clients = new Set<MqttClient>()

const begin = () => startIngest({ ...world.env, DATABASE_URL: database.url, DEVICE_AUTH: 'required' })

beforeAll(async () => {
  ;[world, database] = await Promise.all([deviceBroker(), testDatabase()])
  reader = await world.reader()
  frames = await collect(reader, events.frameReceived, 'mqtt-test')
  ingest = await begin()
})

afterAll(async () => {
  for (const client of clients) client.end(true)
  await ingest.stop()
  await reader.drain()
  await world.stop()
  await database.stop()
})

const now = Date.now()
const framesOf = (vehicleId: string) => frames.filter(({ message }) => message.vehicleId === vehicleId)
const register = async (deviceId: string, ...vehicleIds: string[]) =>
  (await ingest.devices.registerDevice({ deviceId, vehicleIds })).key
const protobuf = (...raws: telemetry.RawFrame[]) =>
  Buffer.from(telemetry.PublishRequest.encode({ frames: raws }).finish())

function client(deviceId: string, key: string, options: IClientOptions = {}): MqttClient {
  const made = connect(world.mqttUrl, {
    username: deviceId,
    password: key,
    clientId: deviceId,
    protocolVersion: 4,
    clean: false,
    reconnectPeriod: 50,
    // While ingest is away nobody answers for a device, and the broker turns it away.
    reconnectOnConnackError: true,
    ...options,
  })
  made.on('error', () => undefined)
  clients.add(made)
  return made
}

const send = (from: MqttClient, deviceId: string, payload: Buffer | string) =>
  from.publishAsync(`devices/${deviceId}/telemetry`, payload, { qos: 1 })

/** Resolves with true when it was let in, false when it was turned away. */
const letIn = (made: MqttClient) =>
  new Promise<boolean>((resolve) => {
    made.once('connect', () => resolve(true))
    made.once('close', () => resolve(false))
  })

describe('MQTT 3.1.1', () => {
  test('N2 MQTT: protobuf and JSON of a device stand in the stream, once, whatever comes twice', async () => {
    const device = client('m1', await register('m1', 'mq-1'))
    const batch = protobuf(rawFrame('mq-1', now - 2_000), rawFrame('mq-1', now - 1_000))
    await send(device, 'm1', batch)
    await send(device, 'm1', batch)
    await send(device, 'm1', JSON.stringify({ frames: [telemetry.RawFrame.toJSON(rawFrame('mq-1', now))] }))
    await eventually(() => expect(framesOf('mq-1').map(({ message }) => message.deviceTimeMs)).toContain(now))
    expect(framesOf('mq-1')).toHaveLength(3)
  })

  test('N1 MQTT: a message that was acknowledged is durable, also when nobody takes it and the broker dies at once', async () => {
    const device = client('m2', await register('m2', 'mq-2'))
    expect(await letIn(device)).toBe(true)
    await ingest.stop()
    const acknowledged: number[] = []
    const sending = Array.from({ length: 40 }, (_, i) =>
      send(device, 'm2', protobuf(rawFrame('mq-2', now - i))).then(() => void acknowledged.push(now - i)),
    )
    await Promise.all(sending.slice(0, 20))
    await world.crash()
    ingest = await begin()
    // The client comes back by itself and sends again what it has no acknowledgement for.
    await Promise.all(sending)
    await eventually(() => expect(new Set(framesOf('mq-2').map(({ message }) => message.deviceTimeMs)).size).toBe(40), {
      timeoutMs: 20_000,
    })
    expect(framesOf('mq-2')).toHaveLength(40)
    expect(acknowledged).toHaveLength(40)
  }, 40_000)

  test('N5 MQTT: without a good key nobody is let in, and a key opens nothing but MQTT', async () => {
    const key = await register('m3', 'mq-3')
    expect(await letIn(client('m3', 'wrong', { reconnectPeriod: 0 }))).toBe(false)
    expect(await letIn(client('nobody', key, { reconnectPeriod: 0 }))).toBe(false)
    expect(await letIn(client('m3', key, { reconnectPeriod: 0 }))).toBe(true)
    const asClient = { url: world.broker().url, service: 'm3', instance: 'x', user: 'm3', password: key }
    await expect(connectMessaging({ ...asClient, telemetry: testTelemetry() })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })

  test('N5 MQTT: a device reaches no other topic, and speaks for no other vehicle', async () => {
    await register('victim', 'mq-victim')
    const device = client('m4', await register('m4', 'mq-4'), { reconnectPeriod: 0 })
    device.publish('devices/victim/telemetry', protobuf(rawFrame('mq-victim', now)), { qos: 1 })
    const other = client('m5', await register('m5', 'mq-5'))
    await send(other, 'm5', protobuf(rawFrame('mq-victim', now), rawFrame('mq-5', now)))
    await eventually(() => expect(framesOf('mq-5')).toHaveLength(1))
    expect(framesOf('mq-victim')).toHaveLength(0)
  })

  test('N2 MQTT: what is no telemetry goes to the dead letter with its reason, and what comes after it is taken', async () => {
    const device = client('m6', await register('m6', 'mq-6'))
    await send(device, 'm6', '{"frames": [')
    await send(device, 'm6', Buffer.from([0x0a, 0xff, 0xff]))
    await send(device, 'm6', protobuf(rawFrame('mq-6', now)))
    await eventually(() => expect(framesOf('mq-6')).toHaveLength(1))
    const letters = deadLetters(reader)
    await eventually(async () => {
      const all = await letters.list({ limit: 20 })
      const codes = all.filter(({ subject }) => subject.includes('devices.m6.')).map(({ code }) => code)
      expect(codes.sort()).toEqual(['BAD_JSON', 'BAD_PROTOBUF'])
    })
  })

  test('N5 MQTT: a revoked device is refused within seconds, its connection open or not', async () => {
    const key = await register('m7', 'mq-7')
    const device = client('m7', key)
    await send(device, 'm7', protobuf(rawFrame('mq-7', now)))
    await eventually(() => expect(framesOf('mq-7')).toHaveLength(1))
    await ingest.devices.revokeDevice({ deviceId: 'm7' })
    let sent = 0
    await eventually(
      async () => {
        const before = framesOf('mq-7').length
        await send(device, 'm7', protobuf(rawFrame('mq-7', now - ++sent)))
        const dead = (await deadLetters(reader).list({ limit: 20 })).filter(({ code }) => code === 'UNAUTHENTICATED')
        expect(dead.length).toBeGreaterThan(0)
        expect(framesOf('mq-7').length).toBe(before)
      },
      { timeoutMs: 10_000 },
    )
    expect(await letIn(client('m7', key, { reconnectPeriod: 0 }))).toBe(false)
  }, 20_000)
})
