import { describe, expect, test } from '@jest/globals'
import { abandonAfterMs, caseEnded, decideAlert, quiet, renewAfterMs, type AlertState } from './alert-policy.ts'
import { defaultThresholds } from './alert-thresholds.ts'
import { assess, type Assessment } from './assess.ts'
import type { Finding } from './finding.ts'
import { hours } from './interval.ts'
import { moreUrgent, urgencyOf, type Urgency } from './urgency.ts'

const { raiseAfterMs, clearAfterMs } = defaultThresholds

const about = (nowMs: number) => ({ vehicleId: 'v1', system: 'COOLING' as const, nowMs })

const finding = (changes: Partial<Finding> = {}): Finding => ({
  system: 'COOLING',
  detector: 'level',
  feature: 'coolant-hot',
  signal: 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature',
  dtc: '',
  value: 104,
  expected: 88,
  strength: 0.8,
  sinceMs: 0,
  timeToFailure: hours(30, 100, 400),
  explanation: 'hot',
  ...changes,
})

const judged = (changes: Partial<Finding> = {}, ...more: Finding[]): Assessment =>
  assess([finding(changes), ...more])[0]!

function opened(): AlertState {
  const { state } = decideAlert(quiet, about(0), judged())
  return decideAlert(state, about(raiseAfterMs), judged()).state
}

describe('urgency', () => {
  test.each([
    [0, 'CRITICAL'],
    [23, 'CRITICAL'],
    [24, 'HIGH'],
    [167, 'HIGH'],
    [168, 'MEDIUM'],
    [719, 'MEDIUM'],
    [720, 'LOW'],
  ] as [number, Urgency][])('L3 classifies a lower bound of %d h as %s', (lower, urgency) => {
    expect(urgencyOf(hours(lower, lower * 3, lower * 9))).toBe(urgency)
  })

  test('L3 urgencies are ordered', () => {
    expect(moreUrgent('CRITICAL', 'HIGH')).toBe(true)
    expect(moreUrgent('LOW', 'LOW')).toBe(false)
  })
})

describe('alert policy', () => {
  test('L3 raises once, and only after the evidence has held', () => {
    const first = decideAlert(quiet, about(0), judged())
    expect(first.decision.kind).toBe('nothing')
    const second = decideAlert(first.state, about(raiseAfterMs), judged())
    expect(second.decision).toMatchObject({
      kind: 'raise',
      alertId: `v1-cooling-${raiseAfterMs.toString(36)}`,
      revision: 1,
    })
    expect(decideAlert(second.state, about(raiseAfterMs + 1), judged()).decision.kind).toBe('nothing')
  })

  test('L3 evidence that does not hold, or is too weak, raises nothing', () => {
    const first = decideAlert(quiet, about(0), judged()).state
    const interrupted = decideAlert(first, about(1_000), undefined).state
    expect(decideAlert(interrupted, about(raiseAfterMs), judged()).decision.kind).toBe('nothing')
    expect(decideAlert(first, about(raiseAfterMs), judged({ strength: 0.5 })).decision.kind).toBe('nothing')
  })

  test('L3 escalates when it becomes more urgent, and never back', () => {
    const critical = judged({ timeToFailure: hours(2, 10, 40) })
    const escalated = decideAlert(opened(), about(60_000), critical)
    expect(escalated.decision).toMatchObject({ kind: 'escalate', reason: 'urgency', revision: 2 })
    const relaxed = decideAlert(escalated.state, about(90_000), judged({ timeToFailure: hours(900, 2_000, 4_000) }))
    expect(relaxed.decision.kind).toBe('nothing')
    expect(relaxed.state).toMatchObject({ urgency: 'CRITICAL' })
  })

  test('L3 a new fault code is news, the same one again is not', () => {
    const withCode = judged({}, finding({ feature: 'P0217', dtc: 'P0217', timeToFailure: hours(40, 100, 400) }))
    const told = decideAlert(opened(), about(60_000), withCode)
    expect(told.decision).toMatchObject({ kind: 'escalate', reason: 'fault-code' })
    expect(decideAlert(told.state, about(61_000), withCode).decision.kind).toBe('nothing')
  })

  test('L3 an id is a NATS token and a URL path segment, whatever the vehicle is called', () => {
    const { state } = decideAlert(quiet, { ...about(0), vehicleId: 'a:b c' }, judged())
    const { decision } = decideAlert(state, { vehicleId: 'a:b c', system: 'FUEL_AIR', nowMs: raiseAfterMs }, judged())
    expect(decision).toMatchObject({ alertId: `a_b_c-fuel_air-${raiseAfterMs.toString(36)}` })
  })

  test('L3 clears only after it has been quiet for long', () => {
    const silent = decideAlert(opened(), about(100_000), undefined)
    expect(silent.decision.kind).toBe('nothing')
    const back = decideAlert(silent.state, about(100_000 + clearAfterMs - 1), judged())
    expect(back.state).toMatchObject({ status: 'open', quietSinceMs: null })
    expect(decideAlert(silent.state, about(100_000 + clearAfterMs), undefined).decision).toMatchObject({
      kind: 'clear',
      system: 'COOLING',
    })
  })
})

describe('alert and case', () => {
  const alertId = `v1-cooling-${raiseAfterMs.toString(36)}`
  const clearedAt = 100_000 + clearAfterMs
  const cleared = () =>
    decideAlert(decideAlert(opened(), about(100_000), undefined).state, about(clearedAt), undefined).state
  const insisting = (state: AlertState, fromMs: number, assessment = judged()) =>
    decideAlert(decideAlert(state, about(fromMs), assessment).state, about(fromMs + raiseAfterMs), assessment)

  test('L2 evidence that goes and returns during a case reopens its alert, and news escalates it', () => {
    expect(insisting(cleared(), clearedAt + 1_000)).toMatchObject({
      decision: { kind: 'reopen', alertId, revision: 3 },
      state: { status: 'open', alertId, revision: 3 },
    })
    const critical = judged({ timeToFailure: hours(2, 10, 40) })
    expect(insisting(cleared(), clearedAt + 1_000, critical).decision).toMatchObject({
      kind: 'escalate',
      alertId,
      revision: 3,
    })
  })

  test('L2 after the case of a cleared alert has ended, or was lost, evidence raises another alert', () => {
    expect(caseEnded(cleared(), alertId, clearedAt)).toEqual(quiet)
    expect(caseEnded(cleared(), 'another', clearedAt)).toEqual(cleared())
    const later = clearedAt + abandonAfterMs
    expect(insisting(cleared(), later).decision).toMatchObject({ kind: 'raise', revision: 1 })
  })

  test('L4 a case that ended without a repair is not opened again by the same evidence', () => {
    const settled = caseEnded(opened(), alertId, 60_000)
    expect(settled).toMatchObject({ status: 'settled', urgency: 'HIGH' })
    expect(insisting(settled, 61_000).decision.kind).toBe('nothing')
    expect(
      insisting(decideAlert(settled, about(70_000 + clearAfterMs), undefined).state, 70_001 + clearAfterMs).decision
        .kind,
    ).toBe('nothing')
    expect(insisting(settled, 60_000 + renewAfterMs).decision).toMatchObject({
      kind: 'raise',
      revision: 1,
    })
  })

  test('L3 a settled alert is raised anew when it is more urgent or has a new code', () => {
    const settled = caseEnded(opened(), alertId, 60_000)
    const critical = judged({ timeToFailure: hours(2, 10, 40) })
    const { decision } = decideAlert(settled, about(62_000), critical)
    expect(decision).toMatchObject({ kind: 'raise', revision: 1, assessment: { urgency: 'CRITICAL' } })
    expect(decision).not.toMatchObject({ alertId })
    const withCode = judged({}, finding({ feature: 'P0217', dtc: 'P0217', timeToFailure: hours(40, 100, 400) }))
    expect(decideAlert(settled, about(62_000), withCode).decision.kind).toBe('raise')
  })
})
