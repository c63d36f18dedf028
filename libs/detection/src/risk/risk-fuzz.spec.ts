import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { fromMs, generatedFleet } from './generated-fleet.ts'
import type { RiskEvent } from './history.ts'
import { createRiskState, readRiskModel, riskAt, stepRisk, trainRisk } from './index.ts'

const model = trainRisk(generatedFleet(12, 5))

/** Without -0, which JSON does not know. */
const double = fc.double().map((value) => value + 0)
const time = fc.oneof(
  fc.integer({ min: fromMs, max: fromMs + 3e9 }),
  double,
  fc.constantFrom(8.64e15, -8.64e15, NaN, Infinity),
)
const word = fc.oneof(
  fc.constantFrom('P0301', 'P0302', 'SPN110-FMI0', 'ignition', 'cooling', '__proto__', 'constructor', ''),
  fc.string(),
)
const words = fc.array(word, { maxLength: 5 })
const event: fc.Arbitrary<RiskEvent> = fc.oneof(
  fc.record({ kind: fc.constant('codes' as const), atMs: time, codes: words }),
  fc.record({ kind: fc.constant('failure' as const), atMs: time, component: word }),
  fc.record({ kind: fc.constant('maintenance' as const), atMs: time, components: words }),
)
const statics = fc.record({ model: word, ageYears: double })

describe('N3 risk under anything a unit may send', () => {
  test('N3 stepRisk and riskAt never throw, probabilities stay in 0 to 1, intervals in order', () => {
    fc.assert(
      fc.property(statics, fc.array(event, { maxLength: 30 }), time, (unit, events, atMs) => {
        let state = createRiskState(unit)
        for (const one of events) {
          const step = stepRisk(model, state, one)
          state = JSON.parse(JSON.stringify(step.state)) as typeof state
          expect(state).toEqual(step.state)
          for (const finding of [...step.findings, ...riskAt(model, state, atMs)]) {
            const { low, median, high } = finding.timeToFailureHours
            expect(finding.probability >= 0 && finding.probability <= 1).toBe(true)
            expect(0 <= low && low <= median && median <= high && high <= 87_600).toBe(true)
          }
        }
      }),
      { numRuns: 200, seed: 4 },
    )
  })

  test('N3 training on anything gives a model that reads back, or a refusal', () => {
    const history = fc.record({
      unit: word,
      statics,
      observed: fc.record({ fromMs: time, toMs: time }),
      events: fc.array(event, { maxLength: 20 }),
    })
    fc.assert(
      fc.property(fc.array(history, { maxLength: 4 }), (fleet) => {
        const outcome = attempt(() => trainRisk(fleet))
        if (outcome.refused === undefined) readRiskModel(JSON.parse(JSON.stringify(outcome.value)))
        else expect(outcome.refused).toBe('RISK_TRAINING_EMPTY')
      }),
      { numRuns: 200, seed: 5 },
    )
  })
})

describe('N3 a risk model from outside', () => {
  test('N3 reads back as it was written', () => {
    expect(readRiskModel(JSON.parse(JSON.stringify(model)))).toEqual(model)
  })

  test.each([
    ['kind', 'model.kind', { ...model, kind: 'life' }],
    ['version', 'model.version', { ...model, version: 2 }],
    ['alarm', 'model.alarmAt', { ...model, alarmAt: 1.5 }],
    [
      'component',
      'model.components[0].tree.kind',
      { ...model, components: [{ ...model.components[0], tree: { kind: 'twig' } }] },
    ],
    [
      'leaf',
      'model.components[0].tree.failed',
      {
        ...model,
        components: [{ ...model.components[0], tree: { kind: 'leaf', cases: 1, failed: 2, leadHours: [] } }],
      },
    ],
  ])('N3 with a wrong %s is refused by its place', (_, place, artefact) => {
    expect(() => readRiskModel(artefact)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining(`${place} `) }),
    )
  })

  test('N3 any other JSON is refused with the same code', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(attempt(() => readRiskModel(value)).refused).toBe('MODEL_INVALID')
      }),
      { numRuns: 200, seed: 6 },
    )
  })
})

function attempt<Value>(act: () => Value): { value?: Value; refused?: string } {
  try {
    return { value: act() }
  } catch (error) {
    return { refused: (error as { code?: string }).code ?? String(error) }
  }
}
