import { expect, test } from '@jest/globals'
import { vehiclesText } from './summary.ts'

test('the vehicles of a replay are named, many by their number', () => {
  expect(vehiclesText(['truck-7', 'truck-8'])).toBe('truck-7, truck-8')
  expect(vehiclesText(['m1', 'm2', 'm3', 'm4', 'm5'])).toBe('5 vehicles (m1, ...)')
})
