import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { telemetry } from '@pitcrew/contracts'
import { eventually } from '@pitcrew/testing'
import {
  collectFrames,
  collectVehicles,
  platform,
  rawFrame,
  type Ingest,
  type Platform,
  type Seen,
} from './platform.ts'

let world: Platform
let ingest: Ingest
let frames: Seen<telemetry.Frame>[]
let now: number

beforeAll(async () => {
  world = await platform()
  ingest = await world.start()
  frames = await collectFrames(world.reader, 'grpc-test')
  now = Date.now()
})

afterAll(() => world.stop())

const framesOf = (vehicleId: string) => frames.filter(({ message }) => message.vehicleId === vehicleId)

describe('TelemetryService', () => {
  test('N2 Publish answers when the frames are durable', async () => {
    const answer = await ingest.rpc.publish({ frames: [rawFrame('unary', now), rawFrame('', now)] })
    expect(answer).toMatchObject({
      acceptedFrames: 1,
      quarantinedReadings: 1,
      refusals: [{ code: 'MISSING_VEHICLE_ID' }],
    })
    await eventually(() => expect(framesOf('unary')).toHaveLength(1))
  })

  test('N2 Stream answers every request in order, and all frames are there, in order', async () => {
    const batches = 200
    const call = ingest.rpc.stream()
    const answers: telemetry.StreamResponse[] = []
    const reading = (async () => {
      for await (const answer of call.responses) answers.push(answer)
    })()
    for (let batch = 1; batch <= batches; batch++)
      await call.send({
        batch,
        frames: Array.from({ length: 5 }, (_, i) => rawFrame('streamed', now + batch * 5 + i - 10_000)),
      })
    call.end()
    await reading
    expect(answers.map(({ batch }) => batch)).toEqual(Array.from({ length: batches }, (_, i) => i + 1))
    expect(answers.reduce((sum, { result }) => sum + result!.acceptedFrames, 0)).toBe(batches * 5)
    await eventually(() => expect(framesOf('streamed')).toHaveLength(batches * 5))
    const times = framesOf('streamed').map(({ message }) => message.deviceTimeMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  test('N1 a stream that is sent again from the start adds nothing', async () => {
    const send = async () => {
      const call = ingest.rpc.stream()
      for (let batch = 0; batch < 10; batch++) await call.send({ batch, frames: [rawFrame('resent', now - batch)] })
      call.end()
      let accepted = 0
      for await (const { result } of call.responses) accepted += result!.acceptedFrames
      return accepted
    }
    expect(await send()).toBe(10)
    expect(await send()).toBe(0)
    await eventually(() => expect(framesOf('resent')).toHaveLength(10))
  })

  test('N2 RegisterVehicle stores and announces, ListVehicles lists', async () => {
    const vehicles = await collectVehicles(world.reader, 'grpc-vehicles')
    const papers = {
      vehicleId: 'g1',
      vin: '',
      model: 'Garza',
      modelYear: 2020,
      buildMonth: '2020-02',
      plant: 'Kolin',
      inServiceDate: '2020-04-01',
    }
    await ingest.rpc.registerVehicle({ vehicle: papers })
    expect((await ingest.rpc.listVehicles({ limit: 0 })).vehicles).toEqual([papers])
    await eventually(() => expect(vehicles.map(({ message }) => message)).toEqual([papers]))
  })

  test('errors keep their code and hint', async () => {
    await expect(ingest.rpc.registerVehicle({ vehicle: undefined })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'MISSING_VEHICLE',
    })
  })
})
