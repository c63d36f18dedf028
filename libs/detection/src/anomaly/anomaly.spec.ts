import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { anomalyThreshold, anomalyTuning, type AnomalyState, createAnomalyState, stepAnomaly } from './anomaly.ts'

const minute = 60_000
const start = Date.UTC(2026, 0, 5)
const stepsADay = 288

/** Lehmer's generator, and from it a normal one (Box and Muller). */
function noise(seed: number): () => number {
  let state = seed
  const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

const timeAt = (step: number): number => start + step * 5 * minute

function run(length: number, valueAt: (step: number) => number, state = createAnomalyState()) {
  return Array.from({ length }, (_, step) => ({ step, ...stepAnomaly(state, timeAt(step), valueAt(step)) }))
}

const alarms = (steps: ReturnType<typeof run>) => steps.filter(({ score }) => score >= anomalyThreshold)
const between = (steps: ReturnType<typeof run>, from: number, to: number) =>
  alarms(steps).filter(({ step }) => step >= from && step < to)

describe('N3 anomalies of one signal: what is found', () => {
  test.each([1, 2, 3])('a spike, at once (noise %i)', (seed) => {
    const value = noise(seed)
    const found = between(
      run(3000, (step) => value() + (step === 2500 ? 12 : 0)),
      2500,
      2501,
    )
    expect(found).toHaveLength(1)
  })

  test.each([1, 2, 3])('a shift of the level, within ten values (noise %i)', (seed) => {
    const value = noise(seed)
    expect(
      between(
        run(3000, (step) => value() + (step >= 2500 ? 5 : 0)),
        2500,
        2510,
      ),
    ).not.toHaveLength(0)
  })

  test.each([1, 2, 3])('a spread three times as wide, within fifty values (noise %i)', (seed) => {
    const value = noise(seed)
    expect(
      between(
        run(3000, (step) => value() * (step >= 2500 ? 3 : 1)),
        2500,
        2550,
      ),
    ).not.toHaveLength(0)
  })

  test.each([1, 2, 3])('a day that does not follow the days before it, by the calendar (noise %i)', (seed) => {
    const value = noise(seed)
    const lost = 12 * stepsADay
    const daily = (step: number): number => (step % stepsADay > 108 && step % stepsADay < 216 && step < lost ? 80 : 20)
    const found = alarms(run(lost + stepsADay, (step) => daily(step) + value()))
    const seen = found.find(({ step }) => step >= lost)
    expect(seen?.step).toBeLessThan(lost + 120)
    expect(['time of day', 'hour of week']).toContain(seen?.view)
  })
})

describe('N3 anomalies of one signal: what is let be', () => {
  test('noise that stays as it is: less than one alarm in 500 values', () => {
    const count = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const value = noise(seed)
      return alarms(run(4000, () => value())).length
    })
    expect(count.reduce((sum, one) => sum + one, 0)).toBeLessThan((8 * 4000) / 500)
    expect(Math.max(...count)).toBeLessThan(16)
  })

  test('a constant, whatever its size, and a day like every other', () => {
    for (const constant of [0, 45, -3e9, 0.1, 1e-9]) expect(alarms(run(3000, () => constant))).toEqual([])
    const square = (step: number): number => (step % stepsADay >= 108 && step % stepsADay < 216 ? 80 : 20)
    expect(between(run(14 * stepsADay, square), 2 * stepsADay + 120, Infinity)).toEqual([])
  })

  test('what goes on after an alarm, until it is news', () => {
    const value = noise(4)
    const valueAt = (step: number): number => value() + (step >= 2500 ? 9 : 0)
    expect(between(run(2560, valueAt), 2500, 2560).length).toBeLessThan(3)
  })

  test('the same time of the next day: a spike is not expected again', () => {
    const value = noise(9)
    const spike = 4 * stepsADay + 3
    const steps = run(6 * stepsADay, (step) => value() + (step === spike ? 1000 : 0))
    expect(between(steps, spike, spike + 1)).toHaveLength(1)
    expect(between(steps, spike + stepsADay - 6, spike + stepsADay + 6)).toEqual([])
  })

  test('the unit makes no difference', () => {
    const value = noise(5)
    const values = Array.from({ length: 2000 }, () => value())
    const metres = run(2000, (step) => values[step]!)
    const feet = run(2000, (step) => values[step]! * 1024)
    for (const { step, decades } of metres) expect(feet[step]!.decades).toBeCloseTo(decades, 6)
  })

  test('values that are none, and leave no trace', () => {
    const state = createAnomalyState()
    run(200, (step) => step % 7, state)
    const before = structuredClone(state)
    for (const none of [NaN, Infinity, -Infinity, 1e301])
      expect(stepAnomaly(state, timeAt(200), none)).toEqual({ score: 0, decades: 0, view: null })
    expect(state).toEqual(before)
  })

  test('a gap: the jump over it is no volatility', () => {
    const state = createAnomalyState()
    const value = noise(6)
    for (let step = 0; step < 1000; step++) stepAnomaly(state, timeAt(step), 20 + value())
    const volatility = state.levels.changeFast
    stepAnomaly(state, timeAt(1000) + 8 * 60 * minute, 90)
    expect(state.levels.changeFast).toBeLessThan(volatility)
  })
})

describe('N3 anomalies of one signal: the state', () => {
  const anyNumber = fc.oneof(
    fc.double(),
    fc.integer({ min: -100, max: 100 }),
    fc.constantFrom(0, 1, NaN, Infinity, 1e300),
  )
  const anyTime = fc.oneof(
    fc.integer({ min: start, max: start + 1e10 }),
    fc.constantFrom(NaN, Infinity, -1e300, Number.MAX_SAFE_INTEGER),
  )
  const anySteps = fc.array(fc.tuple(anyTime, anyNumber), { maxLength: 400, size: 'max' })

  test('never throws, scores 0 to 1, stays below 20 kB and finite, for any numbers at any times', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const state = createAnomalyState()
        for (const [timeMs, value] of steps) {
          const { score, decades } = stepAnomaly(state, timeMs, value)
          if (!(score >= 0 && score < 1 && decades >= 0)) return false
        }
        const json = JSON.stringify(state)
        return json.length < 20_000 && JSON.stringify(JSON.parse(json)) === json && allFinite(state)
      }),
      { numRuns: 60, seed: 4 },
    )
  })

  test('stored and read back at any step it goes on with identical scores', () => {
    const value = noise(7)
    const values = Array.from({ length: 3000 }, (_, step) => value() + Math.sin(step / 40) + (step > 2600 ? 4 : 0))
    const through = run(3000, (step) => values[step]!)
    let state: AnomalyState = createAnomalyState()
    for (const [step, expected] of through.entries()) {
      if (step % 97 === 0) state = JSON.parse(JSON.stringify(state)) as AnomalyState
      expect({ step, ...stepAnomaly(state, timeAt(step), values[step]!) }).toEqual(expected)
    }
    expect(JSON.stringify(state).length).toBeLessThan(8000)
  })

  test('views of one signal share what they say: of each that speaks, a part is not counted', () => {
    const value = noise(3)
    const values = Array.from({ length: 1000 }, (_, step) => value() + (step === 900 ? 9 : 0))
    const decadesAt = (sharedDecades: number): number => {
      const state = createAnomalyState()
      const tuning = { ...anomalyTuning, sharedDecades }
      return values.map((one, step) => stepAnomaly(state, timeAt(step), one, tuning).decades)[900]!
    }
    const [all, half, none] = [decadesAt(0), decadesAt(0.5), decadesAt(1000)]
    const speaking = (all - half) / 0.5
    expect(speaking).toBeCloseTo(Math.round(speaking), 6)
    expect(speaking).toBeGreaterThan(1)
    expect(none).toBe(0)
  })

  test('a stricter tuning raises fewer alarms', () => {
    const value = noise(8)
    const values = Array.from({ length: 4000 }, () => Math.exp(value()))
    const alarmsAt = (alarmDecades: number): number => {
      const state = createAnomalyState()
      const tuning = { ...anomalyTuning, alarmDecades }
      return values.filter((one, step) => stepAnomaly(state, timeAt(step), one, tuning).score >= anomalyThreshold)
        .length
    }
    expect(alarmsAt(12)).toBeLessThan(alarmsAt(7))
  })
})

/** Visits are null before the first. */
function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || Object.values(value as object).every(allFinite)
}
