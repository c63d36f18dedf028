import { describe, expect, test } from '@jest/globals'
import { assess } from './assess.ts'
import type { Finding } from './finding.ts'
import { failedBy, hazardOf, normalCdf, timeToFailureOf } from './hazard.ts'
import { hours } from './interval.ts'

const finding = (changes: Partial<Finding> = {}): Finding => ({
  system: 'COOLING',
  detector: 'level',
  feature: 'coolant-hot',
  signal: 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature',
  dtc: '',
  value: 104,
  expected: 88,
  strength: 0.8,
  sinceMs: 0,
  timeToFailure: hours(30, 100, 400),
  explanation: 'hot',
  ...changes,
})

const judged = (...findings: Finding[]) => assess(findings)[0]!
const path = (probability: number, lower: number, median: number, upper: number) => ({
  probability,
  timeToFailure: hours(lower, median, upper),
})

describe('hazard', () => {
  test('N3 half of the failing probability lies before the median, 5 and 95 % before the bounds, however skew they are', () => {
    const [, day] = hazardOf([path(0.8, 6, 24, 96)])
    expect(day).toMatchObject({ withinHours: 24 })
    expect(day?.probability).toBeCloseTo(0.4, 3)
    expect(failedBy(hours(2, 100, 130), 2)).toBeCloseTo(0.05, 3)
    expect(failedBy(hours(2, 100, 130), 130)).toBeCloseTo(0.95, 3)
    expect(normalCdf(1.6449)).toBeCloseTo(0.95, 4)
    expect(normalCdf(-1.6449)).toBeCloseTo(0.05, 4)
  })

  test('N3 a failure that is due now is certain within the hour, and stays a number', () => {
    for (const { probability } of hazardOf([path(0.9, 0, 0, 0)])) expect(probability).toBeCloseTo(0.9, 3)
  })

  test('N3 of two ways to fail the sooner one rules the lower bound, the unlikely one the less so', () => {
    const late = path(0.8, 30, 100, 400)
    const alone = timeToFailureOf([late])
    expect(alone).toEqual(late.timeToFailure)
    const both = timeToFailureOf([late, path(0.8, 1, 2, 4)])
    const hint = timeToFailureOf([late, path(0.05, 1, 2, 4)])
    expect(both.lowerHours).toBeLessThan(2)
    expect(both.medianHours).toBeLessThan(10)
    expect(hint.lowerHours).toBeGreaterThan(both.lowerHours)
    expect(hint.lowerHours).toBeLessThan(alone.lowerHours)
    expect(both.upperHours).toBeLessThanOrEqual(alone.upperHours)
  })
})

describe('fusion', () => {
  test('N3 independent features add up more than detectors of one feature', () => {
    const half = finding({ strength: 0.5 })
    expect(judged(half, finding({ strength: 0.5, detector: 'trend' })).probability).toBeCloseTo(0.65)
    expect(judged(half, finding({ strength: 0.5, feature: 'P0217', dtc: 'P0217' })).probability).toBeCloseTo(0.75)
  })

  test('N3 weak evidence has no say in the time to failure, credible evidence of a sooner end brings it near', () => {
    const soon = finding({ strength: 0.1, feature: 'weak', timeToFailure: hours(0, 1, 2) })
    expect(judged(finding(), soon).timeToFailure).toEqual(hours(30, 100, 400))
    const { timeToFailure, urgency } = judged(finding(), { ...soon, strength: 0.5 })
    expect(timeToFailure.lowerHours).toBeLessThan(1)
    expect(urgency).toBe('CRITICAL')
  })

  test('N3 systems are judged apart', () => {
    expect(assess([finding(), finding({ system: 'BATTERY' })]).map(({ system }) => system)).toEqual([
      'COOLING',
      'BATTERY',
    ])
    expect(assess([])).toEqual([])
  })
})
