import { expect, test } from '@jest/globals'
import { checkReading, signals } from '@pitcrew/signals'
import * as fc from 'fast-check'
import { plainPath, rememberName } from './plain-readings.ts'

const entry = fc.constantFrom(...signals)
const given = entry.chain(({ path, min, max, unit }) =>
  fc.record({
    name: fc.constantFrom(path, path, '0105', '010C', 'Vehicle.Nowhere', ''),
    value: fc.oneof(
      fc.constantFrom(min, max, 0, -0, NaN, Infinity, -Infinity),
      fc.double({ min, max, noNaN: true }),
      fc.double(),
    ),
    unit: fc.constantFrom('', unit, 'mph', 'nonsense'),
  }),
)

test('N2 a reading that is taken in short is one that the catalogue takes, with the same path and value', () => {
  let inShort = 0
  fc.assert(
    fc.property(given, ({ name, value, unit }) => {
      const checked = checkReading(name, value, unit)
      if (checked.ok) rememberName(name, checked.path)
      const path = plainPath(name, value, unit)
      if (path === undefined) return
      inShort += 1
      expect(checked).toEqual({ ok: true, path, value })
    }),
    { numRuns: 5_000, seed: 21 },
  )
  expect(inShort).toBeGreaterThan(500)
})
