import { describe, expect, test } from '@jest/globals'
import type { SignalFrame } from '@pitcrew/signals'
import { developed } from './development.ts'
import { developments, fault, faults, inject } from './index.ts'
import { paths } from './fault.ts'

/** A warm car: stop and go at the given share of time, one frame a second. */
function* drive(seconds: number): Generator<SignalFrame> {
  for (let second = 0; second < seconds; second++) {
    const driving = second % 90 < 60
    yield {
      timeMs: second * 1_000,
      values: {
        [paths.rpm]: driving ? 1_500 : 800,
        [paths.speed]: driving ? 45 : 0,
        [paths.load]: driving ? 45 : 30,
        [paths.map]: driving ? 38 : 32,
        [paths.coolant]: 88,
        [paths.intake]: 40,
        [paths.voltage]: driving ? 13.8 : 13.6,
        [paths.shortTrim]: 0,
        [paths.longTrim]: 0,
        [paths.catalystFront]: 550,
        [paths.catalystRear]: 410,
      },
      dtcs: [],
    }
  }
}

describe('faults', () => {
  test('L12 an unknown fault is refused with the names there are', () => {
    expect(() => fault('gremlins')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FAULT', message: expect.stringContaining('coolant-leak') }),
    )
    expect(() => inject('coolant-leak', { colour: 1 })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FAULT_PARAMETER' }),
    )
  })

  test.each(faults.map(({ name }) => name))(
    'L12 %s crosses its limit within half an hour, and sets a code after that it had begun',
    (name) => {
      const { limit, parameters } = fault(name)
      const overlay = inject(name)
      let crossed = Number.NaN
      let code = Number.NaN
      for (const frame of drive(3_600)) {
        const { values, dtcs = [], timeMs } = overlay(frame)
        if (limit.crossed(values) && Number.isNaN(crossed)) crossed = timeMs / 1_000
        if (dtcs.length > 0 && Number.isNaN(code)) code = timeMs / 1_000
      }
      expect(crossed).toBeLessThan(1_890)
      expect(crossed).toBeGreaterThan(parameters.onset?.default ?? 0)
      expect(code).toBeGreaterThan(parameters.onset?.default ?? 0)
    },
  )

  test.each(faults.map(({ name }) => name))(
    'L12 %s is deterministic and leaves the frames it is given alone',
    (name) => {
      const first = inject(name)
      const second = inject(name)
      for (const frame of drive(1_200)) {
        const before = structuredClone(frame)
        const once = first(frame)
        expect(second(structuredClone(frame))).toEqual(once)
        expect(frame).toEqual(before)
      }
    },
  )

  test('N3 every way of developing ends where the fault ends; an intermittent one comes and goes', () => {
    for (const development of developments) {
      expect(developed(development, -0.1, -10)).toBe(0)
      expect(developed(development, 1, 1_000)).toBe(1)
      const shares = Array.from({ length: 500 }, (_, second) => developed(development, second / 500, second))
      for (const share of shares) {
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(1)
      }
      const falls = shares.filter((share, index) => share < (shares[index - 1] ?? 0)).length
      expect(falls).toBe(development === 'intermittent' ? 5 : 0)
    }
    expect(developed('exponential', 0.5, 1)).toBeLessThan(0.25)
    expect(developed('step-then-drift', 0, 0)).toBe(0.3)
  })

  test('N3 a fault develops only in the ways that its part can fail', () => {
    expect(() => inject('coolant-leak', {}, 'intermittent')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FAULT_PARAMETER', message: expect.stringContaining('step-then-drift') }),
    )
    const [gradual, sudden] = (['exponential', 'step-then-drift'] as const).map((development) => {
      const overlay = inject('alternator', {}, development)
      return [...drive(700)].map(overlay).at(-1)!.values[paths.voltage]!
    })
    expect(sudden).toBeLessThan(gradual!)
  })

  test('L12 nothing changes before the onset', () => {
    const overlay = inject('alternator', { onset: 500 })
    for (const frame of drive(499)) expect(overlay(frame)).toEqual(frame)
  })

  test('L12 a frame without the signals that a fault moves passes unchanged', () => {
    for (const { name } of faults) {
      const overlay = inject(name, { onset: 0 })
      const frame = { timeMs: 0, values: { 'Vehicle.Speed': 50 } }
      overlay(frame)
      expect(overlay({ ...frame, timeMs: 900_000 }).values).toEqual(frame.values)
    }
  })
})
