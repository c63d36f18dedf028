import { describe, expect, test } from '@jest/globals'
import { trainLife, trainRisk, type LifeUnit } from '@pitcrew/detection'
import type { SignalFrame } from '@pitcrew/signals'
import { alone, type Surroundings } from '../surroundings.ts'
import { createVehicleState } from '../vehicle-state.ts'
import { watch } from '../watch.ts'
import { chanceWithin } from './life-findings.ts'
import { readArtefact, type ServedModel } from './served-model.ts'

const hour = 3_600_000
const startMs = Date.UTC(2026, 0, 5, 8)
const signal = 'Vehicle.Powertrain.CombustionEngine.EngineOil.Temperature'

/** Each unit runs hotter the nearer its end is; lives of 60 to 100 steps. */
const units: LifeUnit[] = Array.from({ length: 12 }, (_, unit) => {
  const steps = 60 + ((unit * 37) % 40)
  const readings = Float64Array.from({ length: steps }, (_, step) => wear(steps - step, unit + step))
  return { id: `u${unit}`, steps, failed: true, signals: { [signal]: readings } }
})

function wear(left: number, salt: number): number {
  return 90 + 30 * Math.exp(-left / 20) + 0.5 * Math.sin(salt * 12.9898)
}

const data = { description: 'generated', sha256: 'ab' }
const trained = trainLife(units, { card: { name: 'oil', version: '1', trainedAt: '2026-01-01T00:00:00Z', data } })
const { card, ...model } = trained
const artefact = { card, serves: { system: 'LUBRICATION', cycleHours: 1 }, model }
const served = readArtefact(JSON.stringify(artefact)).served
const around: Surroundings = { ...alone, served: [served] }

/** One frame an hour of a unit that has `left` steps to go. */
const lastHours = (from: number, to: number): SignalFrame[] =>
  Array.from({ length: from - to }, (_, i) => ({ timeMs: startMs + i * hour, values: { [signal]: wear(from - i, i) } }))

describe('a life model that serves a vehicle', () => {
  test('N3 says how long it lasts, with an interval, and raises an alert when that is soon', () => {
    const state = createVehicleState('v1')
    const said = lastHours(90, 8).map((frame) => watch(state, frame, around))
    const raised = said.flatMap(({ decisions }) => decisions).find(({ kind }) => kind === 'raise')
    expect(raised).toMatchObject({ assessment: { system: 'LUBRICATION', evidence: [{ detector: 'life-model' }] } })
    const [last] = said.at(-1)!.findings.filter(({ detector }) => detector === 'life-model')
    const { lowerHours, medianHours, upperHours } = last!.timeToFailure
    expect([lowerHours, medianHours, upperHours]).toEqual([lowerHours, medianHours, upperHours].sort((a, b) => a - b))
    expect(medianHours).toBeGreaterThan(2)
    expect(medianHours).toBeLessThan(30)
  })

  test('N3 goes on exactly from its stored state', () => {
    const whole = createVehicleState('v1')
    let halves = createVehicleState('v1')
    const frames = lastHours(90, 20)
    for (const [i, frame] of frames.entries()) {
      watch(whole, frame, around)
      if (i === 30) halves = JSON.parse(JSON.stringify(halves)) as typeof halves
      watch(halves, frame, around)
    }
    expect(halves).toEqual(whole)
  })

  test('N3 one that throws leaves the vehicle to its detectors, is told once, and another version serves again', () => {
    const wrong = { ...(served as Extract<ServedModel, { kind: 'life' }>), version: '2' }
    const broken: Surroundings = {
      ...alone,
      served: [{ ...wrong, model: { ...wrong.model, trees: undefined as never } }],
    }
    const state = createVehicleState('v1')
    const hot = lastHours(12, 0).map((frame) => ({ ...frame, dtcs: ['P0217'] }))
    const said = hot.map((frame) => watch(state, frame, broken))
    expect(said.flatMap((one) => one.broken)).toMatchObject([{ name: 'oil', version: '2' }])
    expect(said.flatMap(({ decisions }) => decisions)).toMatchObject([
      { kind: 'raise', assessment: { system: 'COOLING' } },
    ])
    watch(state, { timeMs: startMs + 20 * hour, values: { [signal]: 95 } }, around)
    expect(state.models.oil).toMatchObject({ kind: 'life', version: '1' })
    watch(state, { timeMs: startMs + 21 * hour, values: {} }, alone)
    expect(state.models).toEqual({})
  })
})

test('N3 the chance of an end follows from the interval and only grows with time', () => {
  const told = { lower: 10, remaining: 20, upper: 40 }
  expect(chanceWithin(told, 20)).toBeCloseTo(0.5)
  expect(chanceWithin(told, 1_000)).toBe(0.95)
  const chances = Array.from({ length: 60 }, (_, steps) => chanceWithin(told, steps))
  expect(chances).toEqual([...chances].sort((a, b) => a - b))
})

test('N3 an artefact is refused with what is wrong with it', () => {
  const codeAndWhy = (text: string) => {
    try {
      readArtefact(text)
    } catch (thrown) {
      const { code, message } = thrown as { code: string; message: string }
      return `${code}: ${message}`
    }
    return 'taken'
  }
  expect(codeAndWhy('{')).toMatch(/^MODEL_INVALID.*JSON/)
  expect(codeAndWhy(JSON.stringify({ ...artefact, serves: { system: 'WINGS', cycleHours: 1 } }))).toMatch(
    /serves\.system/,
  )
  expect(codeAndWhy(JSON.stringify({ ...artefact, serves: { system: 'BRAKES', cycleHours: 0 } }))).toMatch(/cycleHours/)
  expect(codeAndWhy(JSON.stringify({ ...artefact, card: { ...card, name: '../x' } }))).toMatch(/card\.name/)
  expect(codeAndWhy(JSON.stringify({ ...artefact, card: { ...card, kind: 'oracle' } }))).toMatch(/kind/)
  expect(codeAndWhy(JSON.stringify({ ...artefact, model: {} }))).toMatch(/^MODEL_INVALID/)
  expect(() => trainRisk([])).toThrow(expect.objectContaining({ code: 'RISK_TRAINING_EMPTY' }))
})
