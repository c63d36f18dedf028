import { describe, expect, test } from '@jest/globals'
import { generatedDrive, startMs } from '../measurement/generated-drive.ts'
import { alone } from '../surroundings.ts'
import { createVehicleState } from '../vehicle-state.ts'
import { watch } from '../watch.ts'
import { checkRule, rulesFor, type AlertRule } from './rule.ts'

const rule = (match: Partial<AlertRule['match']>, effect: AlertRule['effect'] = { kind: 'ignore' }): AlertRule => ({
  ruleId: 'r-1',
  match: { vehicleId: '', vehicleModel: '', system: '', feature: '', ...match },
  effect,
  untilMs: undefined,
  reason: 'known, and harmless on this model',
})

/** A drive in which a code of the cooling system stands from the first frame on. */
function drive(rules: readonly AlertRule[], code = 'P0217') {
  const state = createVehicleState('truck-1')
  const decisions = generatedDrive(1, 5).flatMap(
    (frame) => watch(state, { ...frame, dtcs: [code] }, { ...alone, rules }).decisions,
  )
  return { state, decisions }
}

describe('fleet rules', () => {
  test('L3 without a rule a critical code raises an alert', () => {
    expect(drive([]).decisions).toMatchObject([
      { kind: 'raise', assessment: { system: 'COOLING', urgency: 'CRITICAL' } },
    ])
  })

  test('L3 a code that is ignored raises none, another code still does', () => {
    const ignore = [rule({ feature: 'P0217' })]
    expect(drive(ignore).decisions).toEqual([])
    expect(drive(ignore, 'P0118').decisions).toMatchObject([{ kind: 'raise' }])
  })

  test('L3 a system of a vehicle can be suppressed', () => {
    expect(drive([rule({ vehicleId: 'truck-1', system: 'COOLING' })]).decisions).toEqual([])
    expect(drive([rule({ vehicleId: 'truck-1', system: 'BRAKES' })]).decisions).toHaveLength(1)
  })

  test('L3 a cap lowers the urgency and leaves the evidence', () => {
    const { decisions } = drive([rule({ system: 'COOLING' }, { kind: 'cap', urgency: 'MEDIUM' })])
    expect(decisions).toMatchObject([
      { kind: 'raise', assessment: { urgency: 'MEDIUM', evidence: [{ dtc: 'P0217' }] } },
    ])
  })

  test('L3 an alert goes when its evidence is no longer to count', () => {
    const { state } = drive([])
    const after = generatedDrive(1, 20).map(({ timeMs, ...frame }) => ({ ...frame, timeMs: timeMs + 300_000 }))
    const rules = [rule({ feature: 'P0217' })]
    const decisions = after.flatMap(
      (frame) => watch(state, { ...frame, dtcs: ['P0217'] }, { ...alone, rules }).decisions,
    )
    expect(decisions).toMatchObject([{ kind: 'clear', system: 'COOLING' }])
  })
})

test('L3 only rules of the vehicle or its model concern it', () => {
  const rules = [rule({ vehicleModel: 'etios' }), rule({ vehicleId: 'truck-2' }), rule({ feature: 'P0420' })]
  expect(rulesFor(rules, 'truck-1', 'etios')).toEqual([rules[0], rules[2]])
  expect(rulesFor(rules, 'truck-2', '')).toEqual([rules[1], rules[2]])
})

test('L3 a rule says what it is about, why, and ends in time to come', () => {
  const codeOf = (one: AlertRule) => {
    try {
      checkRule(one, startMs)
    } catch (thrown) {
      return (thrown as { code: string }).code
    }
    return 'taken'
  }
  expect(codeOf(rule({ feature: 'P0420' }))).toBe('taken')
  for (const wrong of [
    rule({}),
    { ...rule({ feature: 'P0420' }), reason: ' ' },
    { ...rule({ feature: 'P0420' }), untilMs: startMs },
    { ...rule({ feature: 'P0420' }), ruleId: 'a b' },
  ])
    expect(codeOf(wrong)).toBe('BAD_RULE')
})
