import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { readingsOfRaw } from '@pitcrew/signals'
import { postFrames, type DeviceFrame } from './ingest.ts'

let server: Server
let url: string
let asked: telemetry.PublishRequest[]

beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(telemetry.PublishRequest.fromJSON(JSON.parse(body)))
      response.end(JSON.stringify({ acceptedFrames: 1 }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

test('N2 what a device heard on the bus reaches the door byte by byte, next to its readings and codes', async () => {
  const can = [{ id: 0x18feee00, extended: true, data: Uint8Array.of(0x5a, 0xff, 0, 0x80) }]
  const frames: DeviceFrame[] = [
    { timeMs: 1, values: { 'Vehicle.Speed': 50 }, dtcs: ['P0217'] },
    { timeMs: 2, values: {}, can, obd: [Uint8Array.of(0x41, 0x0d, 0x50)] },
    {
      ...{ timeMs: 3, values: {}, dtcs: [] },
      faults: [{ code: 'SPN110-FMI0', status: 'CONFIRMED', lamp: 'RED_STOP', occurrences: 3 }],
    },
  ]
  expect(await postFrames(url, 'v1', frames)).toMatchObject({ acceptedFrames: 1 })
  const [first, second, third] = asked[0]!.frames
  expect(first).toMatchObject({ vehicleId: 'v1', deviceTimeMs: 1, dtcs: ['P0217'], hasDtcs: true, can: [] })
  expect(second).toMatchObject({ deviceTimeMs: 2, hasDtcs: false, readings: [] })
  expect(readingsOfRaw(second!).readings).toEqual(readingsOfRaw({ obd: frames[1]!.obd!, can }).readings)
  expect(readingsOfRaw(second!).readings).toHaveLength(2)
  expect(third!.faults).toEqual([
    { code: 'SPN110-FMI0', status: 'FAULT_STATUS_CONFIRMED', lamp: 'FAULT_LAMP_RED_STOP', occurrences: 3 },
  ])
})
