import { describe, expect, test } from '@jest/globals'
import { binomialTail, concentrations } from './concentration.ts'
import { generatedFleet } from './generated-fleet.ts'
import { dayMs } from './history.ts'

describe('N3 failures by model', () => {
  test('N3 the model that fails more often per day watched is named, chance is not', () => {
    const [first, ...rest] = concentrations(generatedFleet(40, 6))
    expect(first).toMatchObject({ model: 'truck', component: 'cooling', failures: 60, lift: Infinity })
    expect(first!.qValue).toBeLessThan(1e-9)
    expect(rest.filter(({ qValue }) => qValue < 0.05)).toEqual([])
  })

  test('N3 being watched for longer is not failing more', () => {
    const fleet = generatedFleet(40, 6).map((unit) => {
      const toMs = unit.statics.model === 'truck' ? unit.observed.toMs : unit.observed.fromMs + 90 * dayMs
      return { ...unit, observed: { ...unit.observed, toMs } }
    })
    const ignition = concentrations(fleet).filter(({ component }) => component === 'ignition')
    expect(ignition.map(({ qValue }) => qValue > 0.05)).toEqual([true, true])
  })

  test('N3 the tail of the binomial is that of the table', () => {
    expect(binomialTail(10, 0.5, 8)).toBeCloseTo(56 / 1024, 10)
    expect(binomialTail(10, 0.5, 0)).toBe(1)
  })
})
