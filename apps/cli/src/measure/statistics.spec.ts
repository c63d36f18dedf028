import { describe, expect, test } from '@jest/globals'
import { median, percentile, rounded } from './statistics.ts'

describe('L14 figures of a bench', () => {
  test('the median of an odd number is one of them, of an even number the mean of two', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([7])).toBe(7)
    expect(median([])).toBeNaN()
  })

  test('a percentile is the nearest rank, of numbers and not of their digits', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentile(hundred, 0.5)).toBe(50)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(percentile(hundred, 1)).toBe(100)
    expect(percentile([10, 9, 100], 0)).toBe(9)
    expect(percentile([10, 9, 100], 0.67)).toBe(100)
    expect(percentile([], 0.5)).toBeNaN()
  })

  test('figures are shown with three digits, and whole from a hundred on', () => {
    expect([0.0123456, 4.5678, 99.94, 100.4, 25_532.4].map(rounded)).toEqual([0.0123, 4.57, 99.9, 100, 25_532])
  })
})
