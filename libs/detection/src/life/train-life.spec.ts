import { describe, expect, test } from '@jest/globals'
import { generatedUnits, stillRunning } from './generated-units.ts'
import type { LifeModel } from './life-model.ts'
import type { LifeUnit } from './life-unit.ts'
import { readingsAt } from './plan-features.ts'
import { readLifeModel } from './read-life-model.ts'
import { cutAt, scoreLife, type ScoredLife } from './score-life.ts'
import { createLifeState, stepLife } from './serve-life.ts'
import { trainLife, type LifeTraining } from './train-life.ts'
import { fitWeibull } from './weibull.ts'

const card = {
  name: 'pumps',
  version: '3',
  trainedAt: '2026-01-01T00:00:00Z',
  data: { description: 'x', sha256: 'ab' },
}
const horizon = 60
const units = generatedUnits({ seed: 1, units: 40 })
const model = trainLife(units, { card, horizon })

/** Every step of every unit, from the one at which it comes in. */
function serve(
  served: LifeModel,
  held: readonly LifeUnit[],
  startOf: (unit: LifeUnit, index: number) => number = () => 0,
): ScoredLife[] {
  return held.flatMap((unit, index) => {
    const start = startOf(unit, index)
    const state = createLifeState(served, start)
    return Array.from({ length: unit.steps - start }, (_, step) => ({
      ...stepLife(served, state, readingsAt(unit, start + step)),
      truth: unit.steps - 1 - start - step,
    }))
  })
}

const trained = (fleet: readonly LifeUnit[], options: Partial<LifeTraining> = {}) =>
  trainLife(fleet, { card, horizon, ...options })

describe('N3 remaining life', () => {
  const held = generatedUnits({ seed: 2, units: 80 })
  const told = serve(model, held)

  test('N3 units never seen are told far better than by a constant', () => {
    const cut = cutAt(horizon, told)
    const mean = cut.reduce((sum, { truth }) => sum + truth, 0) / cut.length
    const constant = scoreLife(cut.map((one) => ({ ...one, remaining: mean })))
    const score = scoreLife(cut)
    expect(score.rmse).toBeLessThan(0.45 * constant.rmse)
    expect(score.asymmetricScore).toBeLessThan(0.1 * constant.asymmetricScore)
  })

  test('N3 the interval holds nine of ten true lives of units never seen, near failure as well', () => {
    expect(scoreLife(told).coverage).toBeGreaterThan(0.85)
    expect(scoreLife(told).coverage).toBeLessThan(0.97)
    const near = scoreLife(told.filter(({ truth }) => truth < horizon / 3))
    expect(near.coverage).toBeGreaterThan(0.85)
    expect(near.meanIntervalWidth).toBeLessThan(horizon / 3)
  })

  test('N3 the card tells the error that units never seen then show', () => {
    const near = told.filter(({ truth }) => truth <= 1.2 * horizon)
    const { rmse, coverage } = scoreLife(cutAt(horizon, near))
    expect(Math.abs(model.card.metrics.rmse! - rmse)).toBeLessThan(0.25 * rmse)
    expect(Math.abs(model.card.metrics.coverage! - coverage)).toBeLessThan(0.05)
    expect(model.card).toMatchObject({ ...card, kind: 'life', data: { units: 40, description: 'x' } })
  })

  test('N3 an artefact survives its JSON', () => {
    const again = readLifeModel(JSON.parse(JSON.stringify(model)))
    expect(serve(again, held.slice(0, 3))).toEqual(serve(model, held.slice(0, 3)))
  })

  test('N3 only signals that follow life are used', () => {
    expect(model.plan.signals).toEqual(['Pressure', 'Temperature', 'Vibration'])
  })
})

describe('N3 what training takes', () => {
  test('N3 the same units and seed give the same artefact', () => {
    const few = generatedUnits({ seed: 3, units: 10 })
    expect(JSON.stringify(trained(few))).toBe(JSON.stringify(trained(generatedUnits({ seed: 3, units: 10 }))))
  })

  test('N3 wear is seen through operating regimes, which settings tell', () => {
    const mixed = generatedUnits({ seed: 1, units: 20, regimes: 3 })
    const seen = trained(mixed, { settings: ['Setting'] })
    expect(seen.plan.regimes.centres).toHaveLength(3)
    expect(seen.card.metrics.rmse).toBeLessThan(1.5 * model.card.metrics.rmse!)
  })

  test('N3 units that still run lengthen the prior and do not spoil the rest', () => {
    const running = generatedUnits({ seed: 5, units: 10 }).map((unit) => stillRunning(unit, unit.steps - 5))
    const censored = trained([...units.slice(0, 20), ...running])
    const { scale } = fitWeibull([...units.slice(0, 20), ...running].map(({ steps }) => steps))
    expect(censored.prior.scale).toBeGreaterThan(scale)
    expect(censored.card.data.units).toBe(30)
    expect(censored.card.metrics.rmse).toBeLessThan(1.4 * model.card.metrics.rmse!)
  })

  test('N3 units that come in at any age are told by signals when training was told to expect them', () => {
    const late = trained(units, { lateStarts: true })
    const joining = generatedUnits({ seed: 6, units: 80 })
    const start = ({ steps }: LifeUnit, index: number): number => 1 + Math.floor((steps * (index % 8)) / 10)
    const told = serve(late, joining, start)
    const byAge = serve({ ...late, lateBand: null }, joining, start)
    expect(scoreLife(told).coverage).toBeGreaterThan(0.85)
    expect(scoreLife(cutAt(horizon, told)).rmse).toBeLessThan(0.75 * scoreLife(cutAt(horizon, byAge)).rmse)
    expect(model.lateBand).toBeNull()
  })

  test('N3 too few failures, or signals that tell nothing, are refused', () => {
    expect(() => trained(units.slice(0, 9))).toThrow(expect.objectContaining({ code: 'LIFE_HISTORY_INVALID' }))
    const deaf = units.map((unit) => ({ ...unit, signals: { Humidity: unit.signals.Humidity! } }))
    expect(() => trained(deaf)).toThrow(expect.objectContaining({ code: 'LIFE_HISTORY_INVALID' }))
    const invalid = expect.objectContaining({ code: 'LIFE_TRAINING_INVALID' })
    for (const wrong of [{ horizon: 0 }, { horizon: NaN }, { coverage: 1 }])
      expect(() => trained(units, wrong)).toThrow(invalid)
  })
})
