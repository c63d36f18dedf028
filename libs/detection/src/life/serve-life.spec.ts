import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { generatedUnits } from './generated-units.ts'
import { readingsAt } from './plan-features.ts'
import { createLifeState, stepLife } from './serve-life.ts'
import { trainLife } from './train-life.ts'
import { meanRemaining } from './weibull.ts'

const card = {
  name: 'pumps',
  version: '3',
  trainedAt: '2026-01-01T00:00:00Z',
  data: { description: 'x', sha256: 'ab' },
}
const units = generatedUnits({ seed: 1, units: 15 })
const model = trainLife(units, { card, settings: ['Setting'] })
/** Of what it serves, signals of units that come in late too. */
const joining = { ...model, lateBand: model.band }
const [unit] = generatedUnits({ seed: 9, units: 1 })

test('N3 a state that went through JSON at every step goes on exactly', () => {
  const straight = createLifeState(model)
  let resumed = createLifeState(model)
  for (let step = 0; step < unit!.steps; step++) {
    const values = readingsAt(unit!, step)
    if (step % 7 === 3) values.Temperature = NaN
    expect(stepLife(model, resumed, values)).toEqual(stepLife(model, straight, values))
    resumed = JSON.parse(JSON.stringify(resumed)) as typeof resumed
  }
  expect(resumed).toEqual(straight)
})

test('N3 a state stays as large as it was', () => {
  const state = createLifeState(model)
  const numbers = (): number => state.sums.length + state.baseline.length
  const first = numbers()
  for (let step = 0; step < unit!.steps; step++) stepLife(model, state, readingsAt(unit!, step))
  expect(numbers()).toBe(first)
})

test('N3 without signals life is told from age, and from signals again when they are back', () => {
  const state = createLifeState(model)
  for (let age = 1; age <= 5; age++)
    expect(stepLife(model, state, {}).remaining).toBeCloseTo(meanRemaining(model.prior, age, model.horizon), 9)
  const back = stepLife(model, state, readingsAt(unit!, unit!.steps - 1))
  expect(back.remaining).not.toBeCloseTo(meanRemaining(model.prior, 6, model.horizon), 1)
  let told = back
  for (let age = 0; age < model.horizon; age++) told = stepLife(model, state, {})
  expect(told.remaining).toBeCloseTo(meanRemaining(model.prior, state.age, model.horizon), 9)
})

test('N3 a unit that comes in late is told by its age, and an impossible age is refused', () => {
  const values = readingsAt(unit!, 30)
  expect(stepLife(model, createLifeState(model, 30), values).remaining).toBeCloseTo(
    meanRemaining(model.prior, 31, model.horizon),
    9,
  )
  const before = createLifeState(model, 1e9)
  expect(stepLife(model, before, {})).toMatchObject({ lower: expect.any(Number), upper: expect.any(Number) })
  for (const age of [-1, NaN, Infinity])
    expect(() => createLifeState(model, age)).toThrow(expect.objectContaining({ code: 'LIFE_AGE_INVALID' }))
})

test('N3 a worn unit is told a shorter life than the same when it was new', () => {
  const state = createLifeState(model)
  const told = Array.from(
    { length: unit!.steps },
    (_, step) => stepLife(model, state, readingsAt(unit!, step)).remaining,
  )
  expect(told.at(-1)).toBeLessThan(0.2 * told[19]!)
})

test('N3 whatever is read, an answer is finite and in order', () => {
  const value = fc.oneof(
    fc.double(),
    fc.double({ min: 0, max: 100, noNaN: true }),
    fc.constantFrom(NaN, Infinity, -Infinity, Number.MAX_VALUE),
  )
  const name = fc.constantFrom('Setting', 'Temperature', 'Pressure', 'Vibration', 'Humidity', 'Unknown')
  fc.assert(
    fc.property(fc.array(fc.dictionary(name, value), { maxLength: 60 }), fc.nat(1e9), (steps, age) => {
      const state = createLifeState(joining, age)
      for (const readings of steps) {
        const { remaining, lower, upper } = stepLife(joining, state, readings)
        expect([remaining, lower, upper].every(Number.isFinite)).toBe(true)
        expect(0 <= lower && lower <= remaining && remaining <= upper).toBe(true)
      }
      expect(JSON.parse(JSON.stringify(state))).toEqual(state)
    }),
    { seed: 4, numRuns: 100 },
  )
})
