import { describe, expect, test } from '@jest/globals'
import type { RawFault } from '@pitcrew/signals'
import { analyse } from './analyse.ts'
import { assess } from './assess.ts'
import { currentFindings } from './current-findings.ts'
import { createVehicleState, fromJSON } from './vehicle-state.ts'
import { forgetSystem, watch } from './watch.ts'

const hour = 3_600_000
const fault = (code: string, changes: Partial<RawFault> = {}): RawFault => ({
  code,
  status: 'CONFIRMED',
  lamp: 'NONE',
  occurrences: 0,
  ...changes,
})
const told = (state = createVehicleState('v1'), atMs: number, ...faults: RawFault[]) => {
  const dtcs = faults.filter(({ status }) => status !== 'PENDING').map(({ code }) => code)
  return analyse(state, { timeMs: atMs, values: {}, dtcs, faults })
}

describe('progress of fault codes', () => {
  test('N3 C4 a pending code is weak evidence, a confirmed one is strong, one that was pending before the stronger', () => {
    const state = createVehicleState('v1')
    const [pending, ...others] = told(state, hour, fault('P0301', { status: 'PENDING' })).findings
    expect(others).toEqual([])
    expect(pending).toMatchObject({ system: 'IGNITION', detector: 'code-progress', feature: 'P0301', dtc: '' })
    expect(pending!.explanation).toContain('pending')
    expect(assess([pending!])[0]!.probability).toBeLessThan(0.6)
    const confirmed = told(state, 2 * hour, fault('P0301')).findings
    expect(confirmed.map(({ detector }) => detector)).toEqual(['fault-code', 'code-progress'])
    expect(confirmed[1]!.explanation).toContain('was pending and is confirmed now')
    const alone = told(createVehicleState('v2'), hour, fault('P0301')).findings
    const [grown] = assess(confirmed)
    const [fresh] = assess(alone)
    expect(grown!.probability).toBeGreaterThan(fresh!.probability)
    expect(grown!.timeToFailure.medianHours).toBeLessThan(fresh!.timeToFailure.medianHours)
  })

  test('N3 a pending code alone never raises an alert, however long it stands', () => {
    const state = createVehicleState('v1')
    for (let minute = 1; minute < 300; minute++) {
      const frame = { timeMs: minute * 60_000, values: {}, dtcs: [], faults: [fault('P0301', { status: 'PENDING' })] }
      expect(watch(state, frame).decisions).toEqual([])
    }
  })

  test('N3 a code that comes back, occurs more often, or is not alone says so; the same report twice says nothing more', () => {
    const state = createVehicleState('v1')
    told(state, hour, fault('P0301', { occurrences: 2 }))
    told(state, 2 * hour)
    const back = told(state, 3 * hour, fault('P0301', { occurrences: 5 })).findings.at(-1)
    expect(back!.explanation).toContain('P0301 came back, occurs more often, 5 times now')
    const again = structuredClone(state.codeProgress)
    told(state, 3 * hour, fault('P0301', { occurrences: 5 }))
    expect(state.codeProgress).toEqual(again)
    const several = told(state, 4 * hour, fault('P0301', { occurrences: 5 }), fault('P0302')).findings.at(-1)
    expect(several).toMatchObject({ feature: 'several-codes', value: 2, system: 'IGNITION' })
  })

  test('L3 a red stop lamp is critical at once', () => {
    const { findings } = told(undefined, hour, fault('SPN110-FMI0', { lamp: 'RED_STOP' }))
    expect(assess(findings)[0]).toMatchObject({ system: 'COOLING', urgency: 'CRITICAL' })
  })

  test('N3 findings follow from the state alone, are forgotten with a repair, and a state of version 1 is carried over', () => {
    const state = createVehicleState('v1')
    const { findings } = told(state, hour, fault('P0301', { status: 'PENDING' }))
    expect(currentFindings(state)).toEqual(findings)
    forgetSystem(state, 'IGNITION')
    expect(state.codeProgress).toEqual({})
    const { codeProgress, models, regime, ...rest } = createVehicleState('old')
    const { dipSeconds, ...before } = regime
    const first = { ...rest, version: 1, frames: 12, regime: { ...before, trip: 3 } }
    expect(fromJSON(first)).toEqual({
      ...rest,
      version: 2,
      frames: 12,
      codeProgress,
      models,
      regime: { ...before, trip: 3, dipSeconds },
    })
  })
})
