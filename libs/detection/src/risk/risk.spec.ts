import { describe, expect, test } from '@jest/globals'
import { fromMs, generatedFleet } from './generated-fleet.ts'
import { dayMs, hourMs, riskEventsInOrder, type RiskEvent, type UnitHistory } from './history.ts'
import {
  createRiskState,
  riskAt,
  stepRisk,
  trainRisk,
  type RiskFinding,
  type RiskModel,
  type RiskState,
} from './index.ts'
import type { RiskNode, Sense } from './model.ts'

const model = trainRisk(generatedFleet(40, 1))
const unseen = generatedFleet(20, 2)

describe('N3 C4 risk from codes and maintenance', () => {
  test('N3 codes that foretell a component are found on units not trained on, without false alarms by others', () => {
    const alarms = unseen.flatMap((unit) => serve(unit).findings.map((finding) => ({ unit, finding })))
    const right = alarms.filter(({ unit, finding }) => failsWithin(unit, finding, 24))
    const failures = unseen.flatMap(({ events }) => events.filter(({ kind }) => kind === 'failure'))
    expect(failures).toHaveLength(110)
    expect(right.length / alarms.length).toBeGreaterThan(0.97)
    expect(right.length / failures.length).toBeGreaterThan(0.95)
  })

  test('C4 no tree asks about a noise code, and each about its own', () => {
    const asked = Object.fromEntries(
      model.components.map(({ component, tree }) => [component, sensesIn(tree).map(nameOf)]),
    )
    expect(asked.ignition).toEqual(expect.arrayContaining(['P0301', 'P0302']))
    expect(asked.cooling).toContain('SPN110-FMI0')
    expect(Object.values(asked).flat()).not.toContain('U0100')
    expect(Object.values(asked).flat()).not.toContain('B1000')
  })

  test('C4 a finding says which codes in which window, how old the part is, and how many such cases failed', () => {
    const { findings } = play([visit(0, 'ignition'), report(190 * 24, 'P0301', 'P0302')])
    expect(findings.map(({ component }) => component)).toEqual(['ignition'])
    expect(findings[0]!.text).toMatch(
      /^P030[12] and P030[12] within 1 h; ignition last replaced 190 days ago; \d+ of \d+ such cases failed within 24 h$/,
    )
    expect(findings[0]!.timeToFailureHours.median).toBeGreaterThanOrEqual(6)
    expect(findings[0]!.timeToFailureHours.low).toBeLessThanOrEqual(8)
    expect(findings[0]!.timeToFailureHours.high).toBeGreaterThanOrEqual(18)
  })

  test('N3 the model of a vehicle decides what its code says', () => {
    const codes = [report(10, 'SPN110-FMI0')]
    expect(play(codes, 'truck').findings.map(({ component }) => component)).toEqual(['cooling'])
    expect(play(codes, 'van').findings).toEqual([])
  })

  test('N3 a sign fades as hours pass without the failure, and is gone after the horizon or when the part is new', () => {
    const { state } = play([report(0, 'P0301', 'P0302')])
    const after = (hours: number, from: RiskState = state): number =>
      of(riskAt(model, from, fromMs + hours * hourMs), 'ignition')
    expect([0, 12, 18].map((hours) => after(hours) > 0.5)).toEqual([true, true, true])
    expect(after(18)).toBeLessThan(after(0))
    expect(after(21)).toBeLessThan(0.1)
    expect(after(24)).toBeLessThan(0.1)
    expect(after(1, stepRisk(model, state, visit(1, 'ignition')).state)).toBeLessThan(0.1)
    expect(after(1, stepRisk(model, state, visit(1, 'cooling')).state)).toBeGreaterThan(0.5)
  })

  test('N3 the interval is wide where a sign is doubtful and narrow where it is sure', () => {
    const width = (one: RiskFinding): number => one.timeToFailureHours.high - one.timeToFailureHours.low
    const sure = riskAt(model, play([report(0, 'P0301', 'P0302')]).state, fromMs).find(named('ignition'))!
    const quiet = riskAt(model, play([visit(0, 'ignition')]).state, fromMs).find(named('ignition'))!
    expect(width(sure)).toBeLessThan(24)
    expect(width(quiet)).toBeGreaterThan(24 * 30)
  })

  test('N3 the same histories in any order train the same model', () => {
    const fleet = generatedFleet(12, 3)
    const turned = fleet.map((unit) => ({ ...unit, events: unit.events.toReversed() })).toReversed()
    expect(trainRisk(turned)).toEqual(trainRisk(fleet))
  })

  test('N3 nothing to learn from is refused', () => {
    const fleet = generatedFleet(4, 3).map((unit) => ({
      ...unit,
      events: unit.events.filter(({ kind }) => kind !== 'failure'),
    }))
    expect(() => trainRisk(fleet)).toThrow(expect.objectContaining({ code: 'RISK_TRAINING_EMPTY' }))
  })
})

describe('N3 nothing from after a moment leaks into it', () => {
  test('N3 the repair of a failure, recorded at its time, teaches nothing', () => {
    const fleet = generatedFleet(20, 4)
    const without = fleet.map((unit) => ({ ...unit, events: unit.events.filter((event) => !isRepair(unit, event)) }))
    const timing = { clock: true, visits: false }
    expect(trainRisk(without, { timing })).toEqual(trainRisk(fleet, { timing }))
  })

  test('N3 a visit recorded at the time of a code is known only after it', () => {
    const at = report(48, 'P0301', 'P0302')
    const before = play([visit(0, 'ignition'), at])
    const together = play([visit(48, 'ignition'), visit(0, 'ignition'), at])
    expect(together.findings).toEqual(before.findings)
    expect(of(riskAt(model, together.state, at.atMs), 'ignition')).toBeLessThan(0.1)
  })

  test('N3 what is found until a moment is the same whether or not the record goes on', () => {
    const unit = unseen[0]!
    const cutMs = fromMs + 180 * dayMs
    const half = serve({ ...unit, events: unit.events.filter(({ atMs }) => atMs <= cutMs) })
    expect(half.findings.length).toBeGreaterThan(0)
    expect(serve(unit).findings.filter(({ atMs }) => atMs <= cutMs)).toEqual(half.findings)
  })

  test('N3 a report that arrives late warns while its horizon lasts, and not of a part replaced since', () => {
    const late = (...before: RiskEvent[]): string[] =>
      stepRisk(model, play(before).state, report(98, 'P0301', 'P0302')).findings.map(({ component }) => component)
    expect(late(report(100, 'U0100'))).toEqual(['ignition'])
    expect(late(report(122, 'U0100'))).toEqual([])
    expect(late(visit(100, 'cooling'))).toEqual(['ignition'])
    expect(late(visit(100, 'ignition'))).toEqual([])
  })

  test('N3 a visit that arrives late does not make a part older again', () => {
    const { state } = play([visit(100, 'ignition'), report(200, 'U0100')])
    expect(stepRisk(model, state, visit(60, 'ignition')).state.replaced).toEqual(state.replaced)
  })

  test('N3 a report that says less does not silence one that said more', () => {
    const { state } = play([report(0, 'P0301', 'P0302'), report(2, 'U0100')])
    expect(of(riskAt(model, state, fromMs + 2 * hourMs), 'ignition')).toBeGreaterThan(0.9)
  })
})

describe('N3 the state of a unit', () => {
  test('N3 resumes exactly from JSON after every event', () => {
    const straight = serve(unseen[3]!)
    const stored = serve(unseen[3]!, (state) => JSON.parse(JSON.stringify(state)) as RiskState)
    expect(stored).toEqual(straight)
    expect(riskAt(model, stored.state, fromMs + 400 * dayMs)).toEqual(
      riskAt(model, straight.state, fromMs + 400 * dayMs),
    )
  })

  test('N3 stays small whatever a unit sends', () => {
    let state = createRiskState({ model: 'truck', ageYears: 3 })
    for (let hour = 0; hour < 2_000; hour += 1) {
      state = stepRisk(model, state, report(hour, `X${hour}`, 'P0301', 'P0302', 'U0100', 'B1000')).state
      state = stepRisk(model, state, visit(hour, `part ${hour}`)).state
    }
    expect(JSON.stringify(state).length).toBeLessThan(2_000)
  })
})

const report = (hour: number, ...codes: string[]): RiskEvent => ({ kind: 'codes', atMs: fromMs + hour * hourMs, codes })
const visit = (hour: number, ...components: string[]): RiskEvent => {
  return { kind: 'maintenance', atMs: fromMs + hour * hourMs, components }
}
const named = (component: string) => (finding: RiskFinding) => finding.component === component
const of = (findings: readonly RiskFinding[], component: string): number => findings.find(named(component))!.probability

interface Played {
  state: RiskState
  findings: RiskFinding[]
}

const play = (events: readonly RiskEvent[], vehicle = 'truck'): Played =>
  run(model, createRiskState({ model: vehicle, ageYears: 5 }), events)

const serve = ({ statics, observed, events }: UnitHistory, store?: (state: RiskState) => RiskState): Played =>
  run(
    model,
    createRiskState(statics, observed.fromMs),
    events.filter(({ kind }) => kind !== 'failure'),
    store,
  )

function run(
  by: RiskModel,
  start: RiskState,
  events: readonly RiskEvent[],
  store = (state: RiskState) => state,
): Played {
  return riskEventsInOrder(events).reduce<Played>(
    ({ state, findings }, event) => {
      const step = stepRisk(by, store(state), event)
      return { state: step.state, findings: [...findings, ...step.findings] }
    },
    { state: start, findings: [] },
  )
}

const failsWithin = ({ events }: UnitHistory, { component, atMs }: RiskFinding, hours: number): boolean =>
  events.some(
    (event) =>
      event.kind === 'failure' &&
      event.component === component &&
      event.atMs > atMs &&
      event.atMs <= atMs + hours * hourMs,
  )

const isRepair = ({ events }: UnitHistory, event: RiskEvent): boolean =>
  event.kind === 'maintenance' && events.some(({ kind, atMs }) => kind === 'failure' && atMs === event.atMs)

const sensesIn = (node: RiskNode): Sense[] =>
  node.kind === 'leaf' ? [] : [node.on, ...sensesIn(node.inside), ...sensesIn(node.outside)]

const nameOf = (sense: Sense): string => (sense.of === 'code' ? sense.code : sense.of)
