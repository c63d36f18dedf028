import { describe, expect, test } from '@jest/globals'
import { engagement, vehicle } from '@pitcrew/contracts'
import { enumOf, messageOf } from './message.ts'

describe('a body as a message', () => {
  test('what fits is read', () => {
    expect(messageOf(vehicle.Vehicle, { vehicleId: 'v1', modelYear: 2021 })).toMatchObject({ modelYear: 2021 })
  })

  test.each([
    ['a number that is none', () => messageOf(vehicle.Vehicle, { vehicleId: 'v1', modelYear: 'abc' })],
    ['a name that the enum does not have', () => messageOf(engagement.Customer, { channels: ['NOPE'] })],
    ['an enum asked for by a name that it does not have', () => enumOf('NOPE', vehicle.VehicleSystem, 'system')],
    ['a name that every object has', () => enumOf('constructor', vehicle.VehicleSystem, 'system')],
  ])('%s is the fault of the caller, who hears what is expected', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ kind: 'terminal', code: 'BAD_REQUEST', hint: expect.any(String) }))
  })

  test('an enum by its name, in any case', () => {
    expect(enumOf('cooling', vehicle.VehicleSystem, 'system')).toBe(vehicle.VehicleSystem.COOLING)
  })
})
