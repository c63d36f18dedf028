/** The devices that send telemetry: registered, given new keys, revoked. A key is shown once, in the answer that makes it. */
import { z } from 'zod'
import type { Clients } from '../adapters/clients.ts'
import { count } from './query.ts'
import { command, get, type Route } from './route.ts'

const registration = z.strictObject({
  deviceId: z.string().default('').describe('1 to 64 of A-Z a-z 0-9 _ -; one is made up where it is left out'),
  vehicleIds: z.array(z.string()).min(1).describe('the vehicles that it may speak for; "*" is any'),
})

const rotation = z.strictObject({
  overlapSeconds: z.int().min(0).default(0).describe('how long the key before stays good'),
})

export function deviceRoutes({ devices }: Pick<Clients, 'devices'>): Route[] {
  return [
    get(
      'devices',
      '/v1/devices',
      'The devices that may send telemetry, the newest first; never their keys',
      ({ query }) => devices.listDevices({ limit: count(query.limit, 100) }),
      { limit: 'at most so many' },
    ),
    command(
      {
        tag: 'devices',
        path: '/v1/devices',
        role: 'admin',
        summary: 'Register a device; its key is in the answer and nowhere else',
        body: registration,
      },
      (_, given) => devices.registerDevice(given),
    ),
    command(
      {
        tag: 'devices',
        path: '/v1/devices/{id}/rotate-key',
        role: 'admin',
        summary: 'Give a device a new key',
        body: rotation,
      },
      ({ params }, { overlapSeconds }) => devices.rotateKey({ deviceId: params.id ?? '', overlapSeconds }),
    ),
    command(
      {
        tag: 'devices',
        path: '/v1/devices/{id}/revoke',
        role: 'admin',
        summary: 'Refuse a device from now on',
        body: z.strictObject({}),
      },
      ({ params }) => devices.revokeDevice({ deviceId: params.id ?? '' }),
    ),
  ]
}
