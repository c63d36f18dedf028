import { expect, test } from '@jest/globals'
import { bucketOf, distribution, middleOf, type Bucket } from './histogram.ts'

function counted(durations: readonly number[]): Bucket[] {
  const buckets = Map.groupBy(durations, bucketOf)
  return [...buckets].map(([bucket, all]) => ({ bucket, count: all.length, totalMs: all.reduce((a, b) => a + b, 0) }))
}

test('F3 a quantile of a histogram is within a fifth of the one of the durations themselves', () => {
  const durations = Array.from({ length: 5_000 }, (_, i) => Math.round(3 + ((i * 7_919) ** 1.3 % 900_000)))
  const sorted = [...durations].sort((a, b) => a - b)
  const { count, meanMs, medianMs, p90Ms } = distribution(counted(durations))
  expect(count).toBe(5_000)
  expect(meanMs).toBeCloseTo(durations.reduce((a, b) => a + b, 0) / 5_000, 6)
  for (const [said, truly] of [
    [medianMs, sorted[2_499] as number],
    [p90Ms, sorted[4_499] as number],
  ] as const) {
    expect(Math.abs(said - truly) / truly).toBeLessThan(0.2)
  }
})

test('F3 every duration lies in its bucket, and buckets follow each other', () => {
  for (const ms of [1, 2, 3, 10, 63, 64, 65, 1_000, 86_400_000]) {
    const bucket = bucketOf(ms)
    expect(middleOf(bucket - 1)).toBeLessThan(ms)
    expect(middleOf(bucket + 1)).toBeGreaterThan(ms)
  }
  expect([bucketOf(0), bucketOf(0.5), bucketOf(1)]).toEqual([0, 1, 1])
  expect(distribution([])).toEqual({ count: 0, meanMs: 0, medianMs: 0, p90Ms: 0 })
})
