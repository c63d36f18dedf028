import { expect, test } from '@jest/globals'
import { requestBudget } from './request-budget.ts'

test('L1 a burst passes at once, what comes on top is spread out to the rate', () => {
  const waitMs = requestBudget(10, 3)
  expect([waitMs(0), waitMs(0), waitMs(0), waitMs(0), waitMs(0)]).toEqual([0, 0, 0, 100, 200])
  expect(waitMs(250)).toBe(50)
})

test('L1 a long pause earns one burst, not more', () => {
  const waitMs = requestBudget(10, 2)
  waitMs(0)
  expect([waitMs(60_000), waitMs(60_000), waitMs(60_000)]).toEqual([0, 0, 100])
})
