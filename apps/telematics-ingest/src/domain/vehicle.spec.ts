import { describe, expect, test } from '@jest/globals'
import { vehicle } from '@pitcrew/contracts'
import { checkedVehicle } from './vehicle.ts'
import { checkDigit, vinProblem } from './vin.ts'

const given = (changes: Partial<vehicle.Vehicle> = {}) => vehicle.Vehicle.fromPartial({ vehicleId: 'v1', ...changes })
const check = (changes: Partial<vehicle.Vehicle>) => checkedVehicle(given(changes), 2026)

describe('vehicles', () => {
  test('N2 a VIN follows ISO 3779, its check digit counts in North America only', () => {
    expect(checkDigit('1M8GDM9AXKP042788')).toBe('X')
    expect(vinProblem('1M8GDM9AXKP042788')).toBeUndefined()
    expect(vinProblem('11111111111111111')).toBeUndefined()
    expect(vinProblem('1M8GDM9A5KP042788')).toMatch('check digit 5: expected X')
    expect(vinProblem('9BWZZZ377VT004251')).toBeUndefined()
    expect(vinProblem('9BWZZZ377VT00425')).toMatch('16 characters')
    expect(vinProblem('9BWZZZ377VT0O4251')).toMatch('without I, O, Q')
  })

  test('N2 a vehicle with nothing but its id is enough', () => {
    expect(check({})).toEqual(given())
    expect(check({ vin: ' 9bwzzz377vt004251 ' }).vin).toBe('9BWZZZ377VT004251')
  })

  test.each<[string, Partial<vehicle.Vehicle>]>([
    ['BAD_VEHICLE_ID', { vehicleId: '' }],
    ['BAD_VIN', { vin: 'short' }],
    ['BAD_VEHICLE', { model: 'm'.repeat(65) }],
    ['BAD_MODEL_YEAR', { modelYear: 2029 }],
    ['BAD_MODEL_YEAR', { modelYear: NaN }],
    ['BAD_DATE', { buildMonth: '2014-13' }],
    ['BAD_DATE', { inServiceDate: '2014-02-30' }],
    ['BAD_DATE', { inServiceDate: '17.06.2014' }],
  ])('N2 refuses %s for %o', (code, changes) => {
    expect(() => check(changes)).toThrow(expect.objectContaining({ kind: 'terminal', code }))
  })

  test('a request without a vehicle is refused', () => {
    expect(() => checkedVehicle(undefined, 2026)).toThrow(expect.objectContaining({ code: 'MISSING_VEHICLE' }))
  })
})
