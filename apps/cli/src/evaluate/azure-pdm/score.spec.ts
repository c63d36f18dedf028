import { describe, expect, test } from '@jest/globals'
import { brier, calibrationError } from './calibration.ts'
import { hourMs, score, type Alarm, type Point } from './score.ts'

const rule = { horizonHours: 24, leastLeadHours: 1, refractoryHours: 24 }
const window = { countFromMs: -Infinity, toMs: 1_000 * hourMs }
const failure = (hour: number, component = 'comp1', unit = '1'): Point => ({ unit, component, atMs: hour * hourMs })
const alarm = (hour: number, component = 'comp1', unit = '1'): Alarm => ({
  ...failure(hour, component, unit),
  timeToFailureHours: { low: 5, high: 15 },
})

describe('N3 the matching rule of azure-pdm', () => {
  test.each([
    ['a whole horizon ahead', 76, 1],
    ['longer ahead than the horizon', 75.9, 0],
    ['the least lead ahead', 99, 1],
    ['less than that ahead', 99.1, 0],
    ['at the failure', 100, 0],
    ['after it', 101, 0],
  ])('N3 an alarm %s', (_, hour, right) => {
    expect(score([alarm(hour)], [failure(100)], rule, window)).toMatchObject({
      alarms: 1,
      right,
      found: right,
      failures: 1,
    })
  })

  test('N3 an alarm of another component or machine is false', () => {
    const alarms = [alarm(90, 'comp2'), alarm(90, 'comp1', '2')]
    expect(score(alarms, [failure(100)], rule, window)).toMatchObject({ alarms: 2, right: 0, found: 0 })
  })

  test('N3 an alarm raised again within the refractory time is not counted, and one after it is', () => {
    const alarms = [alarm(40), alarm(45), alarm(63.9), alarm(64)]
    expect(score(alarms, [failure(65)], rule, window)).toMatchObject({ alarms: 2, right: 1, found: 1 })
  })

  test('N3 a failure is found once however many alarms tell of it, with the lead of the first', () => {
    const found = score([alarm(76), alarm(100)], [failure(100), failure(110)], { ...rule, refractoryHours: 2 }, window)
    expect(found).toMatchObject({ alarms: 2, right: 2, found: 2, leadHours: [24, 10], inInterval: 1 })
  })

  test('N3 an alarm whose horizon outlasts the record is neither right nor false, unless the failure was seen', () => {
    expect(score([alarm(990)], [], rule, window)).toMatchObject({ alarms: 0, undecided: 1 })
    expect(score([alarm(990)], [failure(995)], rule, window)).toMatchObject({ alarms: 1, right: 1, undecided: 0 })
  })

  test('N3 failures count from the date on, alarms about earlier ones are right all the same', () => {
    const late = score([alarm(90)], [failure(100), failure(300)], rule, { ...window, countFromMs: 200 * hourMs })
    expect(late).toMatchObject({ alarms: 1, right: 1, failures: 1, found: 0 })
  })

  test('N3 calibration is the distance of what was foretold from what came', () => {
    const foretold = [0.9, 0.9, 0.9, 0.9].map((probability, index) => ({ probability, failed: index < 2 }))
    expect(calibrationError(foretold)).toBeCloseTo(0.4, 10)
    expect(brier(foretold)).toBeCloseTo((2 * 0.01 + 2 * 0.81) / 4, 10)
  })
})
