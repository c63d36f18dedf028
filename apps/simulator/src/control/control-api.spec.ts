import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Terminal } from '@pitcrew/errors'
import { createFleet, type Fleet } from '../vehicles/fleet.ts'
import { startControlApi } from './control-api.ts'

let fleet: Fleet
let registered: string[]
let troubles: unknown[]
let api: Awaited<ReturnType<typeof startControlApi>>

beforeEach(async () => {
  fleet = createFleet()
  registered = []
  troubles = []
  api = await startControlApi({
    host: '127.0.0.1',
    port: 0,
    fleet,
    telematicsApi: { trouble: { set: (...call) => void troubles.push(call) } },
    register: async (vehicleId, persona) => {
      if (vehicleId === 'refused') throw new Terminal('SEED_REFUSED', 'the platform says no')
      registered.push(`${persona} ${vehicleId}`)
    },
    urls: () => ({ control: 'here' }),
    now: () => Date.UTC(2026, 0, 15, 12),
  })
})

afterEach(() => api.stop())

const call = (path: string, body?: unknown) =>
  fetch(`http://127.0.0.1:${api.port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })

describe('the control API', () => {
  test('L12 says what there is', async () => {
    expect(await (await call('/')).json()).toMatchObject({ vehicles: 0, urls: { control: 'here' } })
    const { faults } = (await (await call('/faults')).json()) as { faults: { name: string }[] }
    expect(faults.map(({ name }) => name)).toContain('coolant-leak')
  })

  test('L12 adds a vehicle with a fault, an hour of history and an owner', async () => {
    const answer = await call('/vehicles', { vehicleId: 'hot', fault: 'coolant-leak', persona: 'declines' })
    expect(answer.status).toBe(201)
    expect(registered).toEqual(['declines hot'])
    const { vehicles } = (await (await call('/vehicles')).json()) as { vehicles: unknown[] }
    expect(vehicles).toMatchObject([
      { vehicleId: 'hot', fault: 'coolant-leak', deviceTimeMs: Date.UTC(2026, 0, 15, 11) },
    ])
    expect((await call('/vehicles/hot/repair', {})).status).toBe(204)
    expect(fleet.find('hot')!.fault).toBeUndefined()
  })

  test('L12 a vehicle that the platform refuses does not drive either', async () => {
    const answer = await call('/vehicles', { vehicleId: 'refused' })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'SEED_REFUSED'])
    expect(fleet.list()).toEqual([])
  })

  test.each([
    [400, 'BAD_REQUEST', '/vehicles', { vehicleId: 7 }],
    [400, 'BAD_REQUEST', '/vehicles', { vehicleId: 'a', colour: 'red' }],
    [400, 'BAD_REQUEST', '/vehicles', []],
    [400, 'UNKNOWN_FAULT', '/vehicles', { vehicleId: 'a', fault: 'gremlins' }],
    [404, 'NOT_FOUND', '/vehicles/nobody/repair', {}],
    [400, 'BAD_REQUEST', '/telematics-api/trouble', { trouble: 'fire' }],
  ])('answers %i %s', async (status, code, path, body) => {
    const answer = await call(path, body)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code])
  })

  test('L8 switches trouble on and off', async () => {
    await call('/telematics-api/trouble', { trouble: 'error', requests: 3 })
    await call('/telematics-api/trouble', { trouble: 'none' })
    expect(troubles).toEqual([
      ['error', 3],
      ['none', undefined],
    ])
  })
})
