import { describe, expect, test } from '@jest/globals'
import { fromMs, randomFrom } from './generated-fleet.ts'
import { dayMs, type RiskEvent, type UnitHistory } from './history.ts'
import { fitPartLife } from './part-life.ts'

describe('N3 the life of parts', () => {
  test('N3 a Weibull life is recovered although most parts were replaced before they failed', () => {
    const fleet = parts({ shape: 2, scaleDays: 100, replacedAfter: 60, units: 300 })
    const { shape, scaleDays, failures, censored } = fitPartLife(fleet, 'pump')
    expect(censored).toBeGreaterThan(failures)
    expect(shape).toBeGreaterThan(1.85)
    expect(shape).toBeLessThan(2.15)
    expect(scaleDays).toBeGreaterThan(94)
    expect(scaleDays).toBeLessThan(106)
  })

  test('N3 of a short record, lives count from when failures were recorded, and until the record ends', () => {
    const observed = { fromMs: fromMs + 500 * dayMs, toMs: fromMs + 530 * dayMs }
    const fleet = parts({ shape: 2, scaleDays: 100, replacedAfter: 90, units: 1_500 }).map((unit) => ({
      ...unit,
      observed,
      events: unit.events.filter(({ kind, atMs }) => kind !== 'failure' || atMs >= observed.fromMs),
    }))
    const { shape, scaleDays } = fitPartLife(fleet, 'pump')
    expect(shape).toBeGreaterThan(1.75)
    expect(shape).toBeLessThan(2.25)
    expect(scaleDays).toBeGreaterThan(92)
    expect(scaleDays).toBeLessThan(108)
  })

  test('N3 a model whose parts fail more has the greater factor', () => {
    const weak = parts({ shape: 2, scaleDays: 60, replacedAfter: 60, units: 50 })
    const strong = parts({ shape: 2, scaleDays: 120, replacedAfter: 60, units: 50 })
    const fleet = [...weak.map(ofModel('weak')), ...strong.map(ofModel('strong'))]
    const { factors } = fitPartLife(fleet, 'pump')
    expect(factors.weak! / factors.strong!).toBeGreaterThan(3)
    expect(factors.weak! / factors.strong!).toBeLessThan(5)
  })
})

const ofModel = (model: string) => (unit: UnitHistory) => ({ ...unit, statics: { ...unit.statics, model } })

interface Parts {
  shape: number
  scaleDays: number
  replacedAfter: number
  units: number
}

function parts({ shape, scaleDays, replacedAfter, units }: Parts): UnitHistory[] {
  const random = randomFrom(11)
  return Array.from({ length: units }, (_, index): UnitHistory => {
    const events: RiskEvent[] = []
    const toMs = fromMs + 1_000 * dayMs
    for (let atMs = fromMs; atMs < toMs;) {
      events.push({ kind: 'maintenance', atMs, components: ['pump'] })
      const life = scaleDays * (-Math.log(random())) ** (1 / shape)
      atMs += Math.min(life, replacedAfter) * dayMs
      if (life < replacedAfter && atMs < toMs) events.push({ kind: 'failure', atMs, component: 'pump' })
    }
    return { unit: `unit-${index}`, statics: { model: 'any', ageYears: 1 }, observed: { fromMs, toMs }, events }
  })
}
