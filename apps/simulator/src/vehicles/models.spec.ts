import { expect, test } from '@jest/globals'
import { identityOf } from './models.ts'

test('L12 papers are the same for the same id and differ between ids', () => {
  expect(identityOf('sim-001')).toEqual(identityOf('sim-001'))
  const all = Array.from({ length: 2000 }, (_, i) => identityOf(`sim-${i}`))
  expect(new Set(all.map(({ vin }) => vin)).size).toBe(2000)
  expect(new Set(all.map(({ plant }) => plant)).size).toBe(4)
})

test('L12 papers hold a VIN of ISO 3779 and dates that exist, service after production', () => {
  for (let i = 0; i < 500; i++) {
    const { vin, buildMonth, inServiceDate } = identityOf(`sim-${i}`)
    expect(vin).toMatch(/^[A-HJ-NPR-Z0-9]{17}$/)
    expect(buildMonth).toMatch(/^20(19|2[0-4])-(0[1-9]|1[0-2])$/)
    expect(Number.isNaN(Date.parse(inServiceDate))).toBe(false)
    expect(inServiceDate.slice(0, 7) > buildMonth).toBe(true)
  }
})
