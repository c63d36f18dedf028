import { expect, test } from '@jest/globals'
import type { Clients } from '../adapters/clients.ts'
import { deviceRoutes } from './device-routes.ts'
import type { Asked } from './route.ts'

function world() {
  const asked: unknown[] = []
  const note = (name: string) => async (request: unknown) => {
    asked.push([name, request])
    return {}
  }
  const names = ['listDevices', 'registerDevice', 'rotateKey', 'revokeDevice']
  const devices = Object.fromEntries(names.map((name) => [name, note(name)]))
  const routes = deviceRoutes({ devices } as unknown as Pick<Clients, 'devices'>)
  const call = (method: string, path: string, given: Partial<Asked> = {}) =>
    routes
      .find((route) => route.method === method && route.path === path)!
      .handle({ params: { id: 'd-1' }, query: {}, body: {}, ...given } as Asked)
  return { routes, asked, call }
}

test('L1 devices are registered, given new keys, revoked and listed through the gateway', async () => {
  const { asked, call } = world()
  await call('POST', '/v1/devices', { body: { vehicleIds: ['v1'] } })
  await call('POST', '/v1/devices/{id}/rotate-key', { body: { overlapSeconds: 60 } })
  await call('POST', '/v1/devices/{id}/revoke')
  await call('GET', '/v1/devices', { query: { limit: '5' } })
  expect(asked).toEqual([
    ['registerDevice', { deviceId: '', vehicleIds: ['v1'] }],
    ['rotateKey', { deviceId: 'd-1', overlapSeconds: 60 }],
    ['revokeDevice', { deviceId: 'd-1' }],
    ['listDevices', { limit: 5 }],
  ])
})

test('N5 only an admin changes devices, and a device without vehicles is refused before anybody is asked', async () => {
  const { routes, asked, call } = world()
  expect(routes.filter(({ method }) => method === 'POST').map(({ role }) => role)).toEqual(['admin', 'admin', 'admin'])
  await expect(call('POST', '/v1/devices', { body: { vehicleIds: [] } })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(asked).toEqual([])
})
