import { expect, test } from '@jest/globals'
import { findRegimes, normalised, regimeOf } from './regimes.ts'
import { normal, seeded } from './seeded.ts'

const random = seeded(8)
const settings = ['Altitude', 'Mach']
const points = Array.from({ length: 600 }, (_, index) => [10 * (index % 3) + 0.01 * normal(random), 0.1 * (index % 2)])

test('N3 settings that lie in clusters are so many regimes, and each reading finds its own', () => {
  const regimes = findRegimes(settings, points)
  expect(regimes.centres).toHaveLength(6)
  const of = (altitude: number, mach: number): number => regimeOf(regimes, { Altitude: altitude, Mach: mach }, 0)
  expect(new Set([of(0, 0), of(10, 0), of(20, 0), of(0, 0.1), of(10, 0.1), of(20, 0.1)]).size).toBe(6)
  expect(of(10.02, 0.1)).toBe(of(9.98, 0.1))
  expect(regimeOf(regimes, { Altitude: 10 }, 4)).toBe(4)
})

test('N3 settings that spread evenly, or do not change, are one regime', () => {
  expect(
    findRegimes(
      ['Load'],
      Array.from({ length: 500 }, () => [normal(random)]),
    ).centres,
  ).toHaveLength(1)
  expect(
    findRegimes(
      ['Load'],
      Array.from({ length: 500 }, () => [7]),
    ).centres,
  ).toHaveLength(1)
  expect(findRegimes([], [[], []]).centres).toHaveLength(1)
})

test('N3 a normalised value is within bounds, and unknown when nothing was read', () => {
  const own = { mean: 5, spread: 2 }
  expect(normalised(9, own)).toBe(2)
  expect(normalised(Number.MAX_VALUE, own)).toBe(10)
  expect([undefined, NaN, Infinity].map((value) => normalised(value, own))).toEqual([NaN, NaN, NaN])
})
