import { expect, test } from '@jest/globals'
import { pollDelayMs } from './poll-schedule.ts'

const failed = (failuresInARow: number, retryAfterMs?: number) =>
  ({ kind: 'failed', failuresInARow, retryAfterMs }) as const

test('L1 polls on at once while there is more, else after the interval', () => {
  expect(pollDelayMs({ kind: 'more' }, 5000)).toBe(0)
  expect(pollDelayMs({ kind: 'caught-up' }, 5000)).toBe(5000)
  expect(pollDelayMs({ kind: 'caught-up', retryAfterMs: 8000 }, 5000)).toBe(8000)
})

test('L1 backs off from a failing API, to a minute at most, and obeys its Retry-After', () => {
  expect([1, 2, 3, 4, 50].map((n) => pollDelayMs(failed(n), 5000))).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
  expect(pollDelayMs(failed(1, 120_000), 5000)).toBe(120_000)
  expect(pollDelayMs(failed(1, 1000), 5000)).toBe(10_000)
  expect([1, 9].map((n) => pollDelayMs(failed(n), 900_000))).toEqual([10_000, 60_000])
  expect(pollDelayMs(failed(1, Number.MAX_VALUE), 5000)).toBe(3_600_000)
})
