import { describe, expect, test } from '@jest/globals'
import { faultCode, vehicleSystems } from '@pitcrew/signals'
import { hours } from '../interval.ts'
import { monitors } from '../monitors/index.ts'
import {
  assessUrgency,
  failureModes,
  faultCodes,
  fleetPeers,
  modesOf,
  rankHypotheses,
  signalEvidence,
  similarFailures,
  vehicleHistory,
  type NodeResult,
} from './index.ts'
import { kindOf } from './signal-evidence.ts'

const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'
const present = (feature: string, strength = 0.9) => ({ feature, strength, explanation: feature })
const ratio = (result: NodeResult, mode: string) =>
  result.supports.find(({ failureMode }) => failureMode === mode)?.likelihoodRatio ?? 1
const first = (system: 'COOLING' | 'CHARGING' | 'FUEL_AIR', results: NodeResult[]) =>
  rankHypotheses({ system, results }).hypotheses[0]?.failureMode

describe('knowledge', () => {
  test('C4 every system has modes whose priors sum to 1, with features and codes that exist', () => {
    const known = new Set(monitors.map(({ name }) => kindOf(name)))
    for (const system of vehicleSystems) {
      const modes = modesOf(system)
      expect(modes.length).toBeGreaterThanOrEqual(2)
      expect(modes.reduce((sum, { prior }) => sum + prior, 0)).toBeCloseTo(1)
    }
    for (const { features, codes } of failureModes) {
      for (const feature of Object.keys(features)) expect(known).toContain(feature)
      for (const code of Object.keys(codes)) expect(faultCode(code)?.code).toBe(code)
      for (const [seen, otherwise] of [...Object.values(features), ...Object.values(codes)]) {
        expect(Math.min(seen, otherwise)).toBeGreaterThan(0)
        expect(Math.max(seen, otherwise)).toBeLessThan(1)
      }
    }
  })

  test('C4 every monitor speaks for some failure mode, or its alerts could not be diagnosed', () => {
    const used = new Set(failureModes.flatMap(({ features }) => Object.keys(features)))
    for (const { name } of monitors) expect(used).toContain(kindOf(name))
  })
})

describe('nodes', () => {
  test('C4 signal evidence tells a cold engine from a hot one', () => {
    const cold = signalEvidence({ system: 'COOLING', findings: [present('coolant-cold')], observedSignals: [coolant] })
    expect(ratio(cold, 'thermostat-stuck-open')).toBeGreaterThan(5)
    expect(ratio(cold, 'coolant-leak')).toBeLessThan(1)
    expect(cold.summary).toContain('coolant-cold')
  })

  test('C4 a wheel’s monitor speaks for its kind', () => {
    const result = signalEvidence({
      system: 'BRAKES',
      findings: [present('pads-worn:Row1.Wheel.Left')],
      observedSignals: [],
    })
    expect(ratio(result, 'pads-worn')).toBeGreaterThan(5)
  })

  test('C4 a silent monitor means something only where its signal is observed', () => {
    expect(signalEvidence({ system: 'COOLING', findings: [], observedSignals: [] }).supports).toEqual([])
    const watched = signalEvidence({ system: 'COOLING', findings: [], observedSignals: [coolant] })
    expect(ratio(watched, 'thermostat-stuck-open')).toBeLessThan(1)
  })

  test('C4 fault codes weigh strongly, their absence weakly, and no report not at all', () => {
    const active = faultCodes({ system: 'COOLING', codes: ['P0480'] })
    expect(ratio(active, 'radiator-fan-failed')).toBeGreaterThan(10)
    expect(ratio(faultCodes({ system: 'COOLING', codes: [] }), 'radiator-fan-failed')).toBeGreaterThan(0.6)
    expect(faultCodes({ system: 'COOLING', codes: undefined }).supports).toEqual([])
  })

  test('C4 a fresh repair is suspect, a young part is not, another system’s history is no matter', () => {
    const day = 86_400_000
    const event = (daysAgo: number, system: 'COOLING' | 'BRAKES' = 'COOLING') => ({
      atMs: (1_000 - daysAgo) * day,
      system,
      kind: 'repair' as const,
      failureMode: 'water-pump-worn',
    })
    const at = (...events: ReturnType<typeof event>[]) =>
      vehicleHistory({ system: 'COOLING', nowMs: 1_000 * day, events })
    expect(ratio(at(event(20)), 'water-pump-worn')).toBeGreaterThan(1)
    expect(ratio(at(event(300)), 'water-pump-worn')).toBeLessThan(1)
    expect(at(event(20, 'BRAKES')).supports).toEqual([])
  })

  test('C4 what all peers show is no fault of one vehicle', () => {
    const peers = [86, 87, 88, 87, 89, 88].map((value, index) => ({
      vehicleId: `p${index}`,
      levels: { [coolant]: value },
    }))
    const own = (value: number) => fleetPeers({ system: 'COOLING', levels: { [coolant]: value }, peers })
    expect(ratio(own(104), 'coolant-leak')).toBeGreaterThan(1)
    expect(ratio(own(88), 'coolant-leak')).toBeLessThan(1)
    expect(fleetPeers({ system: 'COOLING', levels: { [coolant]: 104 }, peers: peers.slice(0, 3) }).supports).toEqual([])
  })

  test('C4 similar cases vote, and a few of them do not outweigh experience', () => {
    const past = (failureMode: string) => ({
      system: 'CHARGING' as const,
      failureMode,
      features: ['charging-low', 'P0562'],
    })
    const vote = (count: number) =>
      similarFailures({
        system: 'CHARGING',
        features: ['charging-low'],
        cases: Array.from({ length: count }, () => past('drive-belt-slipping')),
      })
    expect(ratio(vote(2), 'drive-belt-slipping')).toBeGreaterThan(1)
    expect(ratio(vote(2), 'drive-belt-slipping')).toBeLessThan(ratio(vote(12), 'drive-belt-slipping'))
    expect(ratio(vote(12), 'alternator-worn')).toBeLessThan(1)
    expect(vote(0).supports).toEqual([])
  })
})

describe('ranking', () => {
  test('C4 each fault that the simulator knows is named by its evidence', () => {
    const see = (system: 'COOLING' | 'CHARGING' | 'FUEL_AIR', feature: string, signal: string, codes: string[]) =>
      first(system, [
        signalEvidence({ system, findings: [present(feature)], observedSignals: [signal] }),
        faultCodes({ system, codes }),
      ])
    expect(see('COOLING', 'coolant-hot', coolant, [])).toBe('coolant-leak')
    expect(see('COOLING', 'coolant-cold', coolant, ['P0128'])).toBe('thermostat-stuck-open')
    expect(see('COOLING', 'coolant-hot', coolant, ['P0480'])).toBe('radiator-fan-failed')
    expect(see('CHARGING', 'charging-low', 'Vehicle.LowVoltageBattery.CurrentVoltage', ['P0562'])).toBe(
      'alternator-worn',
    )
    expect(see('CHARGING', 'charging-high', 'Vehicle.LowVoltageBattery.CurrentVoltage', [])).toBe('regulator-failed')
    expect(see('FUEL_AIR', 'trim-lean', 'Vehicle.OBD.LongTermFuelTrim1', ['P0171'])).toBe('vacuum-leak')
  })

  test('C4 probabilities sum to 1, the best comes first with parts, hours, skill and reasons', () => {
    const ranking = rankHypotheses({
      system: 'COOLING',
      results: [faultCodes({ system: 'COOLING', codes: ['P0128'] })],
    })
    expect(ranking.hypotheses.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1)
    expect(ranking.hypotheses[0]).toMatchObject({
      failureMode: 'thermostat-stuck-open',
      skill: 'engine',
      labourHours: 1.5,
    })
    expect(ranking.hypotheses[0]?.explanation).toContain('P0128')
    expect(ranking.nextQuestion).not.toBe('')
  })

  test('C4 more nodes with news raise the confidence', () => {
    const codes = faultCodes({ system: 'COOLING', codes: ['P0128'] })
    const signals = signalEvidence({
      system: 'COOLING',
      findings: [present('coolant-cold')],
      observedSignals: [coolant],
    })
    const one = rankHypotheses({ system: 'COOLING', results: [codes] }).confidence
    expect(rankHypotheses({ system: 'COOLING', results: [codes, signals] }).confidence).toBeGreaterThan(one)
    const none = rankHypotheses({ system: 'COOLING', results: [] })
    expect(none.hypotheses[0]?.failureMode).toBe('coolant-leak')
    expect(none.confidence).toBeLessThan(0.4)
  })
})

describe('urgency with the diagnosis known', () => {
  test('L3 a failing brake is at least HIGH and safety relevant, a failed sensor at most MEDIUM', () => {
    expect(
      assessUrgency({ system: 'BRAKES', timeToFailure: hours(900, 2_000, 5_000), failureMode: 'pads-worn' }),
    ).toMatchObject({
      urgency: 'HIGH',
      safetyRelevant: true,
    })
    expect(
      assessUrgency({ system: 'BRAKES', timeToFailure: hours(2, 10, 50), failureMode: 'wheel-speed-sensor-failed' }),
    ).toMatchObject({ urgency: 'MEDIUM', safetyRelevant: false })
    expect(assessUrgency({ system: 'COOLING', timeToFailure: hours(2, 10, 50) })).toMatchObject({ urgency: 'CRITICAL' })
  })
})
