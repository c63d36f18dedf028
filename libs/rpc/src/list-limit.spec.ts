import { expect, test } from '@jest/globals'
import { listLimit } from './list-limit.ts'

test.each([
  [0, 100],
  [7, 7],
  [1_000, 1_000],
  [1_001, 1_000],
])('a list of %p has %p entries at most', (asked, given) => {
  expect(listLimit(asked)).toBe(given)
})

test('a list can have bounds of its own', () => {
  expect([0, 60].map((asked) => listLimit(asked, { usual: 10, most: 50 }))).toEqual([10, 50])
})
