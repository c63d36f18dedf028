import { describe, expect, test } from '@jest/globals'
import { faultSpns, vehicleSystems, type VehicleSystem } from '@pitcrew/signals'
import fc from 'fast-check'
import type { Plan } from '../planned-maintenance/plan.ts'
import { watchedSpns } from './code-evidence.ts'
import { namesSamePart } from './component-words.ts'
import {
  failureModes,
  failureTests,
  faultCodes,
  modesOf,
  otherMode,
  plannedCandidate,
  plannedMode,
  proposeTests,
  rankHypotheses,
  signalEvidence,
  type Answer,
  type NodeResult,
  type Ranking,
} from './index.ts'
import { diagnosisNodes } from './judge-pass.ts'

const probabilityOf = ({ hypotheses }: Ranking, mode: string) =>
  hypotheses.find(({ failureMode }) => failureMode === mode)?.probability ?? 0
const sumOf = ({ hypotheses }: Ranking) => hypotheses.reduce((sum, { probability }) => sum + probability, 0)
const ratioOf = ({ supports }: NodeResult, mode: string) =>
  supports.find(({ failureMode }) => failureMode === mode)?.likelihoodRatio ?? 1

/** What nodes may say of a system: any mode, any ratio, absurd ones too. */
const results = (system: VehicleSystem) =>
  fc.array(
    fc.record({
      node: fc.constantFrom(...diagnosisNodes),
      supports: fc.array(
        fc.record({
          failureMode: fc.constantFrom(...modesOf(system).map(({ name }) => name), 'gremlins'),
          likelihoodRatio: fc.oneof(fc.double({ min: 0, max: 100 }), fc.constant(NaN), fc.constant(-3)),
          because: fc.constant('said'),
        }),
      ),
      summary: fc.constant(''),
    }),
    { maxLength: 6 },
  )
const answers = (system: VehicleSystem) =>
  fc.array(
    fc.record({
      test: fc.constantFrom(...failureTests.filter((one) => one.system === system).map(({ name }) => name), 'unknown'),
      yes: fc.boolean(),
    }),
    { maxLength: 4 },
  )
const cases = fc
  .constantFrom(...vehicleSystems)
  .chain((system) => fc.record({ system: fc.constant(system), results: results(system), answers: answers(system) }))

describe('C4 a ranking', () => {
  test('C4 whatever is said, probabilities are between 0 and 1, sum to 1, and leave room for what nobody thought of', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const ranking = rankHypotheses(one)
        expect(sumOf(ranking)).toBeCloseTo(1, 9)
        for (const { probability } of ranking.hypotheses) expect(probability).toBeGreaterThanOrEqual(0)
        expect(probabilityOf(ranking, otherMode)).toBeGreaterThan(0)
        expect(ranking.confidence).toBeLessThanOrEqual(1)
      }),
      { numRuns: 200 },
    )
  })

  test('C4 more evidence for a mode never lowers it', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.double({ min: 1, max: 30, noNaN: true }), (one, pick, likelihoodRatio) => {
        const modes = modesOf(one.system)
        const failureMode = modes[pick % modes.length]!.name
        const more: NodeResult = {
          node: 'similar-failures',
          supports: [{ failureMode, likelihoodRatio, because: 'more' }],
          summary: '',
        }
        const before = probabilityOf(rankHypotheses(one), failureMode)
        const after = probabilityOf(rankHypotheses({ ...one, results: [...one.results, more] }), failureMode)
        expect(after).toBeGreaterThanOrEqual(before - 1e-9)
      }),
      { numRuns: 200 },
    )
  })

  test('C4 the order of evidence does not matter', () => {
    fc.assert(
      fc.property(cases, ({ system, results: said, answers: given }) => {
        // Of two answers to one question the later counts, so each question has one.
        const single = [...new Map(given.map((one) => [one.test, one])).values()]
        const one = rankHypotheses({ system, results: said, answers: single })
        const other = rankHypotheses({ system, results: said.toReversed(), answers: single.toReversed() })
        for (const { failureMode, probability } of one.hypotheses)
          expect(probabilityOf(other, failureMode)).toBeCloseTo(probability, 9)
      }),
      { numRuns: 200 },
    )
  })

  test('C4 each alternative says what speaks for and against it', () => {
    const codes = faultCodes({ system: 'COOLING', codes: ['P0128'] })
    const cold = { feature: 'coolant-cold', strength: 0.9, explanation: 'coolant at 61 degrees, expected 87' }
    const { hypotheses } = rankHypotheses({
      system: 'COOLING',
      results: [codes, signalEvidence({ system: 'COOLING', findings: [cold], observedSignals: [] })],
    })
    const [first, ...others] = hypotheses
    expect(first?.speaksFor.join()).toMatch(/coolant at 61 degrees.*|P0128/)
    expect(first?.speaksAgainst).toEqual([])
    const leak = others.find(({ failureMode }) => failureMode === 'coolant-leak')
    expect(leak?.speaksAgainst.join()).toContain('coolant-cold')
    expect(leak?.probability).toBeLessThan(0.1)
  })
})

describe('C4 tests', () => {
  test('C4 every test is about modes of its system, and every mode has one that tells it from the others', () => {
    expect(new Set(failureTests.map(({ name }) => name)).size).toBe(failureTests.length)
    for (const { system, yes } of failureTests)
      for (const mode of Object.keys(yes)) expect(modesOf(system).map(({ name }) => name)).toContain(mode)
    for (const { name, system } of failureModes) {
      const telling = failureTests.filter(
        (one) => one.system === system && Math.abs((one.yes[name] ?? one.otherwise) - one.otherwise) > 0.4,
      )
      expect([name, telling.length]).not.toEqual([name, 0])
    }
  })

  test('C4 the question is the one whose answer tells most about the leading hypotheses for its time', () => {
    const hot = { feature: 'coolant-hot', strength: 0.9, explanation: '' }
    const findings = [signalEvidence({ system: 'COOLING', findings: [hot], observedSignals: [] })]
    const ranking = rankHypotheses({ system: 'COOLING', results: findings })
    const [best] = ranking.tests
    expect(best?.test.asks).toBe('driver')
    expect(best?.test.yes).toHaveProperty('coolant-leak')
    expect(ranking.nextQuestion).toBe(best?.test.question)
    expect(best!.firstIfYes).toBeGreaterThan(ranking.hypotheses[0]!.probability)
    expect(best!.firstIfNo).toBeLessThan(ranking.hypotheses[0]!.probability)
  })

  test('C4 a sure ranking and two modes that answer alike leave nothing to ask', () => {
    const cooling = failureTests.filter(({ system }) => system === 'COOLING')
    expect(proposeTests([{ failureMode: 'coolant-leak', probability: 1 }], cooling)).toEqual([])
    const alike = [
      { failureMode: 'water-pump-worn', probability: 0.5 },
      { failureMode: 'thermostat-stuck-closed', probability: 0.5 },
    ]
    const fan = cooling.filter(({ name }) => name === 'fan-commanded')
    expect(proposeTests(alike, fan)).toEqual([])
    expect(proposeTests(alike, cooling)[0]?.test.yes).toHaveProperty('water-pump-worn')
  })

  test('C4 an answer moves the ranking as Bayes has it, and is not asked again', () => {
    const ask = (...given: Answer[]) => rankHypotheses({ system: 'COOLING', results: [], answers: given })
    const before = ask()
    const yes = ask({ test: 'fan-commanded', yes: true })
    expect(yes.hypotheses[0]).toMatchObject({ failureMode: 'radiator-fan-failed' })
    expect(yes.hypotheses[0]!.speaksFor[0]).toContain('commanded by the diagnostic tool? Yes')
    expect(yes.tests.map(({ test: { name } }) => name)).not.toContain('fan-commanded')
    const odds = (ranking: Ranking) =>
      probabilityOf(ranking, 'radiator-fan-failed') / probabilityOf(ranking, 'coolant-leak')
    expect(odds(yes) / odds(before)).toBeCloseTo(0.95 / 0.03)
    expect(probabilityOf(ask({ test: 'fan-commanded', yes: false }), 'radiator-fan-failed')).toBeLessThan(0.02)
    // Who corrects an answer is believed.
    expect(ask({ test: 'fan-commanded', yes: false }, { test: 'fan-commanded', yes: true }).hypotheses).toEqual(
      yes.hypotheses,
    )
    const proposal = before.tests.find(({ test: { name } }) => name === 'coolant-puddle')!
    expect(probabilityOf(ask({ test: 'coolant-puddle', yes: true }), 'coolant-leak')).toBeCloseTo(proposal.firstIfYes)
    expect(probabilityOf(ask({ test: 'coolant-puddle', yes: false }), 'coolant-leak')).toBeCloseTo(proposal.firstIfNo)
  })
})

describe('C4 evidence of other detectors', () => {
  test('C4 a feature that nobody knows is no evidence, and breaks nothing', () => {
    const finding = (feature: string, detector?: 'peers' | 'life-model') => ({
      feature,
      strength: 0.9,
      explanation: '',
      ...(detector && { detector }),
    })
    const unknown = signalEvidence({
      system: 'BRAKES',
      findings: [finding('thermal-residual'), finding('pca-q', 'peers'), finding('fd001', 'life-model'), finding('')],
      observedSignals: [],
    })
    expect(unknown).toMatchObject({ supports: [], summary: 'No signal is off its level' })
  })

  test('C4 a component that a risk model names speaks for modes of that component, by how sure it is', () => {
    const named = (component: string, strength = 0.9) =>
      signalEvidence({
        system: 'COOLING',
        findings: [
          { feature: `fleet:${component}`, detector: 'risk-model', strength, explanation: `${component}: 61 %` },
        ],
        observedSignals: [],
      })
    expect(ratioOf(named('water_pump'), 'water-pump-worn')).toBeGreaterThan(3)
    expect(ratioOf(named('water_pump', 0.2), 'water-pump-worn')).toBeLessThan(2)
    expect(ratioOf(named('water_pump'), 'radiator-fan-failed')).toBe(1)
    expect(named('comp3').supports).toEqual([])
    expect(namesSamePart('oxygen sensor', 'oil pressure sensor')).toBe(false)
  })

  test('C4 a pending code speaks more softly than an active one', () => {
    const of = (codes: string[], pending: string[]) =>
      ratioOf(faultCodes({ system: 'COOLING', codes, pending }), 'thermostat-stuck-open')
    expect(of(['P0128'], [])).toBeGreaterThan(of([], ['P0128']))
    expect(of([], ['P0128'])).toBeGreaterThan(1)
    expect(of(['P0128'], ['P0128'])).toBe(of(['P0128'], []))
  })
})

describe('C4 N2 codes that no mode lists', () => {
  const of = (system: VehicleSystem, code: string) => faultCodes({ system, codes: [code] })

  test('C4 N2 a J1939 code of what a monitor watches speaks as the monitor would', () => {
    const hot = of('COOLING', 'SPN110-FMI0')
    expect(ratioOf(hot, 'coolant-leak')).toBeGreaterThan(1.3)
    expect(ratioOf(hot, 'thermostat-stuck-open')).toBeLessThan(0.2)
    expect(ratioOf(of('COOLING', 'SPN110-FMI17'), 'thermostat-stuck-open')).toBeGreaterThan(5)
    expect(ratioOf(of('LUBRICATION', 'SPN100-FMI1'), 'oil-pump-worn')).toBeGreaterThan(1.3)
    const spns = new Map(faultSpns.map(({ spn, system }) => [spn, system]))
    for (const [spn, ends] of Object.entries(watchedSpns))
      for (const feature of Object.values(ends))
        expect(modesOf(spns.get(Number(spn))!).some(({ features }) => feature in features)).toBe(true)
  })

  test('C4 N2 one about a circuit speaks for the sensor', () => {
    const open = of('LUBRICATION', 'SPN100-FMI5')
    expect(ratioOf(open, 'oil-pressure-sensor-failed')).toBeGreaterThan(1)
    expect(ratioOf(open, 'oil-pump-worn')).toBeLessThan(1)
  })

  test('C4 N2 one whose likely cause is a part speaks for it, and any for its system and no other', () => {
    expect(ratioOf(of('CHARGING', 'SPN115-FMI7'), 'alternator-worn')).toBeGreaterThan(
      ratioOf(of('CHARGING', 'SPN115-FMI7'), 'charging-cable-corroded'),
    )
    expect(
      probabilityOf(rankHypotheses({ system: 'COOLING', results: [of('COOLING', 'SPN52-FMI7')] }), otherMode),
    ).toBeLessThan(
      probabilityOf(rankHypotheses({ system: 'COOLING', results: [of('COOLING', 'SPN100-FMI1')] }), otherMode),
    )
    expect(of('BRAKES', 'SPN110-FMI0').supports.every(({ because }) => !because.includes('SPN'))).toBe(true)
  })
})

describe('C4 L3 a planned service', () => {
  const plan = { planId: 'oil', what: 'oil service', parts: ['oil filter'], labourHours: 0.7 } as unknown as Plan
  const due = { detector: 'planned-maintenance' as const, strength: 0.8, explanation: 'oil service: 900 km over' }
  const ranked = (...others: { detector: 'limit'; strength: number; explanation: string }[]) => {
    const candidates = [plannedCandidate('LUBRICATION', [due, ...others], [plan])!]
    return rankHypotheses({
      system: 'LUBRICATION',
      results: [{ node: 'signal-evidence', supports: [], summary: '', candidates }],
    })
  }

  test('C4 L3 alone it is what the case is about, with its parts and hours', () => {
    const { hypotheses, confidence } = ranked()
    expect(hypotheses[0]).toMatchObject({
      failureMode: plannedMode,
      component: 'oil service',
      parts: ['oil filter'],
      labourHours: 0.7,
      speaksFor: ['oil service: 900 km over'],
    })
    expect(confidence).toBeGreaterThan(0.7)
    expect(sumOf(ranked())).toBeCloseTo(1)
  })

  test('C4 L3 beside evidence of a failure it steps back', () => {
    const { hypotheses } = ranked({ detector: 'limit', strength: 0.9, explanation: '' })
    expect(hypotheses[0]?.failureMode).not.toBe(plannedMode)
    expect(hypotheses.find(({ failureMode }) => failureMode === plannedMode)?.probability).toBeCloseTo(0.095)
    expect(plannedCandidate('LUBRICATION', [], [])).toBeUndefined()
  })
})
