import { describe, expect, test } from '@jest/globals'
import { deviations, emptyEstimate, isWarm, learn, usual, type Estimate } from './estimate.ts'

function learnAll(values: readonly number[], from = emptyEstimate()): Estimate {
  return values.reduce((estimate, value) => learn(estimate, value), from)
}

const steady = Array.from({ length: 30 }, (_, n) => 90 + (n % 11) * 2)

describe('L10 robust baseline', () => {
  test('L10 is not warm before 30 values, then starts from their exact median', () => {
    expect(isWarm(learnAll(steady.slice(1)))).toBe(false)
    const warm = learnAll(steady)
    expect(isWarm(warm)).toBe(true)
    // Of 30 values: between the two in the middle, 98 and 100, in ln(1 + x).
    expect(usual(warm)).toBeCloseTo(Math.sqrt(99 * 101) - 1, 9)
    expect(warm.first).toEqual([])
  })

  test('L10 extreme values hardly move it: a third of the traffic at a million leaves the median within a fifth', () => {
    const attacked = Array.from({ length: 150 }, (_, n) => (n % 3 === 0 ? 1e6 : 90 + (n % 11) * 2))
    expect(usual(learnAll(attacked, learnAll(steady)))).toBeLessThan(120)
  })

  test('L10 follows a lasting change in time', () => {
    const changed = learnAll(
      Array.from({ length: 3000 }, () => 300),
      learnAll(steady),
    )
    expect(usual(changed)).toBeGreaterThan(280)
  })

  test('L10 deviations are in standard deviations of ln(1 + x), and steadiness is no suspicion', () => {
    const constant = learnAll(Array.from({ length: 30 }, () => 100))
    expect(deviations(constant, 100)).toBeCloseTo(0, 9)
    expect(deviations(constant, 120)).toBeLessThan(1)
    expect(deviations(constant, 1000)).toBeCloseTo(Math.log(1001 / 101) / (1.4826 * 0.15), 9)
  })
})
