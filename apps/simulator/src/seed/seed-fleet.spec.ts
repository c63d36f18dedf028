import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { engagement, scheduling, vehicle } from '@pitcrew/contracts'
import { seedFleet, vehicleIdsOf } from './seed-fleet.ts'

let server: Server
let gatewayUrl: string
let received: { path: string; body: unknown }[]
let answers: { status: number; headers?: Record<string, string> }[]

beforeEach(async () => {
  received = []
  answers = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { status, headers } = answers.shift() ?? { status: 204 }
      if (status < 300)
        received.push({ path: request.url!, body: JSON.parse(Buffer.concat(chunks).toString()) as unknown })
      response.writeHead(status, headers).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gatewayUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})

afterEach(() => new Promise((resolve) => server.close(resolve)))

const bodies = <T>(path: string, read: (body: unknown) => T) =>
  received.filter((one) => one.path === path).map(({ body }) => read(body))

describe('seeding the fleet', () => {
  test('L12 gives every vehicle papers and an owner, and the centres first', async () => {
    expect(await seedFleet({ gatewayUrl, vehicles: 30 })).toMatchObject({ customers: 30, centres: 2 })
    expect(received.slice(0, 2).map(({ path }) => path)).toEqual(['/v1/centres', '/v1/centres'])
    const vehicles = bodies('/v1/vehicles', vehicle.Vehicle.fromJSON)
    expect(vehicles.map(({ vehicleId }) => vehicleId).sort()).toEqual(vehicleIdsOf(30))
    const customers = bodies('/v1/customers', engagement.Customer.fromJSON)
    const count = (persona: string) => customers.filter(({ email }) => email.startsWith(`${persona}.sim-`)).length
    expect([count('accepts'), count('other-time'), count('declines'), count('silent')]).toEqual([21, 3, 3, 3])
    for (const { vehicleIds, email, consents } of customers) {
      expect(email).toContain(`.${vehicleIds[0]}@customers.example`)
      expect(consents).toContain('CHANNEL_EMAIL')
    }
  })

  test('L12 the centres have several technicians of each skill and are open all week', async () => {
    await seedFleet({ gatewayUrl, vehicles: 0 })
    for (const centre of bodies('/v1/centres', scheduling.Centre.fromJSON)) {
      for (const skill of ['engine', 'electrical', 'brakes', 'diagnostics'])
        expect(centre.technicians.filter(({ skills }) => skills.includes(skill)).length).toBeGreaterThan(1)
      expect(centre.openingHours.map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5, 6, 7])
    }
  })

  test('L8 a gateway that is busy is tried again, one that refuses is not', async () => {
    answers = [
      { status: 503, headers: { 'retry-after': '0' } },
      { status: 429, headers: { 'retry-after': '0' } },
    ]
    await seedFleet({ gatewayUrl, vehicles: ['only'], persona: 'silent' })
    expect(bodies('/v1/customers', engagement.Customer.fromJSON)[0]!.email).toBe('silent.only@customers.example')
    answers = [{ status: 400 }]
    await expect(seedFleet({ gatewayUrl, vehicles: 1 })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'SEED_REFUSED',
    })
    answers = [{ status: 503 }]
    await expect(seedFleet({ gatewayUrl, vehicles: 1, patienceMs: 0 })).rejects.toMatchObject({
      code: 'GATEWAY_UNAVAILABLE',
    })
  })
})
