import { describe, expect, test } from '@jest/globals'
import { signals, type SignalFrame } from '@pitcrew/signals'
import { analyse } from './analyse.ts'
import { generatedDrive } from './measurement/generated-drive.ts'
import { createVehicleState, fromJSON, summaries, toJSON } from './vehicle-state.ts'
import { forgetSystem, watch } from './watch.ts'

const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'
const tyre = 'Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure'
const pads = 'Vehicle.Chassis.Axle.Row1.Wheel.Left.Brake.PadWear'
const oil = 'Vehicle.Powertrain.CombustionEngine.EOP'
const hour = 3_600_000

/** The generated drive with its coolant rising from minute 12 by 2.5 degrees a minute. */
function overheating(): SignalFrame[] {
  const frames = generatedDrive(0, 24)
  return frames.map((frame) => {
    const late = (frame.timeMs - frames[0]!.timeMs) / 60_000 - 12
    if (late < 0) return frame
    return { ...frame, values: { ...frame.values, [coolant]: frame.values[coolant]! + late * 2.5 } }
  })
}

const raisedBy = (frames: Iterable<SignalFrame>, state = createVehicleState('v1')) => {
  const decisions = []
  for (const frame of frames) decisions.push(...watch(state, frame).decisions)
  return decisions
}

describe('analyse', () => {
  test('N3 a state saved and restored in the middle of a fault decides exactly as one that lived on', () => {
    const frames = overheating()
    const all = raisedBy(frames)
    for (const cut of [10, 1_700, 2_500]) {
      const lived = createVehicleState('v1')
      const before = raisedBy(frames.slice(0, cut), lived)
      const restored = fromJSON(JSON.parse(JSON.stringify(toJSON(lived))))
      expect(restored).toEqual(lived)
      expect([...before, ...raisedBy(frames.slice(cut), restored)]).toEqual(all)
      raisedBy(frames.slice(cut), lived)
      expect(restored).toEqual(lived)
    }
  })

  test('N3 a monitor that has a reading in the very first frame holds numbers, and nothing is made up when it is restored', () => {
    const frames = Array.from({ length: 400 }, (_, second) => ({
      timeMs: hour + second * 1_000,
      values: { [tyre]: 240 },
    }))
    const lived = createVehicleState('v1')
    raisedBy(frames.slice(0, 60), lived)
    expect(lived.monitors['tyre-pressure-low:Row1.Wheel.Left']).toMatchObject({ level: 240 })
    const restored = fromJSON(JSON.parse(JSON.stringify(toJSON(lived))))
    expect(restored).toEqual(lived)
    expect(raisedBy(frames.slice(60), restored)).toEqual([])
  })

  test('N3 what is no state, or one of another version, is refused as STATE_INVALID', () => {
    for (const json of [null, 'x', {}, { ...createVehicleState('v1'), version: 99 }])
      expect(() => fromJSON(json)).toThrow(expect.objectContaining({ code: 'STATE_INVALID' }))
  })

  test('N1 frames delivered twice give the same alerts, and late ones are left out', () => {
    const frames = overheating()
    const twice = frames.flatMap((frame) => [frame, structuredClone(frame)])
    const once = raisedBy(frames).map(({ kind, alertId }) => ({ kind, alertId }))
    expect(once).toContainEqual(expect.objectContaining({ kind: 'raise' }))
    expect(raisedBy(twice).map(({ kind, alertId }) => ({ kind, alertId }))).toEqual(once)
    const state = createVehicleState('v1')
    raisedBy(frames, state)
    const before = toJSON(state)
    expect(analyse(state, { timeMs: frames[0]!.timeMs, values: { [coolant]: 150 }, dtcs: ['P0217'] }).findings).toEqual(
      [],
    )
    expect(state).toEqual({ ...before, lateFrames: before.lateFrames + 1 })
  })

  test('N3 the state does not grow with the number of frames, nor with signals and codes that nobody knows', () => {
    const state = createVehicleState('v1')
    const frames = generatedDrive(1)
    raisedBy(frames, state)
    const size = JSON.stringify(toJSON(state)).length
    for (let trip = 1; trip <= 3; trip++)
      raisedBy(
        frames.map((frame) => ({ ...frame, timeMs: frame.timeMs + trip * 2 * hour })),
        state,
      )
    expect(JSON.stringify(toJSON(state)).length).toBeLessThan(size * 1.2)
  })

  test('N3 the largest state there can be, of every signal and more codes than are kept, stays below 64 KB', () => {
    const state = createVehicleState('a-vehicle-id-of-the-greatest-length-that-is-allowed-0123456789abc')
    const dtcs = Array.from({ length: 500 }, (_, index) => `P1${index.toString(16).toUpperCase().padStart(3, '0')}`)
    const faults = dtcs.map((code) => ({ code, status: 'CONFIRMED', lamp: 'AMBER_WARNING', occurrences: 126 }) as const)
    for (let second = 0; second < 700; second++) {
      const wave = (index: number) => Math.sin(second / 7 + index) / 3
      const values = Object.fromEntries(
        signals.map(({ path, min, max }, index) => [path, (min + max) / 2 + ((max - min) / 2) * wave(index)]),
      )
      const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`Vehicle.Unknown${index}`, index]))
      const running = {
        'Vehicle.Powertrain.CombustionEngine.Speed': 1_500 + 300 * wave(1),
        'Vehicle.OBD.RunTime': second,
      }
      const last = second === 699
      analyse(state, {
        timeMs: hour + second * 1_000,
        values: { ...values, ...running, ...(last && unknown) },
        ...(last && { dtcs, faults: [...faults] }),
      })
    }
    const written = JSON.stringify(toJSON(state))
    expect(Object.keys(state.monitors).length).toBeGreaterThanOrEqual(20)
    expect(Object.keys(state.codes).length).toBe(64)
    expect(Object.keys(state.codeProgress).length).toBe(32)
    expect(written.length).toBeLessThan(65_536)
    expect(fromJSON(JSON.parse(written))).toEqual(state)
  })

  test('N3 readings that are no numbers leave the state finite', () => {
    const state = createVehicleState('v1')
    for (const frame of generatedDrive(2, 5)) {
      analyse(state, { ...frame, values: { ...frame.values, [coolant]: Number.NaN, [oil]: Number.POSITIVE_INFINITY } })
    }
    // JSON turns what is not finite into null, so only a finite state survives it.
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
    expect(state.signals[coolant]).toBeUndefined()
  })

  test('C4 summaries describe each signal by robust level, spread and extremes', () => {
    const state = createVehicleState('v1')
    raisedBy(generatedDrive(0), state)
    const voltage = summaries(state).find(({ path }) => path === 'Vehicle.LowVoltageBattery.CurrentVoltage')
    expect(voltage?.level).toBeCloseTo(13.7, 1)
    expect(voltage?.min).toBe(12.4)
    expect(voltage?.changed).toBe('no')
  })
})

describe('watch', () => {
  test('L3 the trend shortens the time to failure: the alert is CRITICAL and explains itself', () => {
    const [raise] = raisedBy(overheating())
    if (raise?.kind !== 'raise') throw new Error('expected an alert to be raised')
    expect(raise.assessment).toMatchObject({ system: 'COOLING', urgency: 'CRITICAL' })
    const { lowerHours, medianHours, upperHours } = raise.assessment.timeToFailure
    expect(lowerHours).toBeLessThanOrEqual(medianHours)
    expect(medianHours).toBeLessThanOrEqual(upperHours)
    expect(raise.assessment.evidence[0]).toMatchObject({ signal: coolant, feature: 'coolant-hot' })
    const hazard = raise.assessment.hazard.map(({ probability }) => probability)
    expect(hazard).toEqual(hazard.toSorted((a, b) => a - b))
  })

  test('N2 a fault code that the ECU reports raises an alert, and its disappearance lets it clear', () => {
    const frames = generatedDrive(0, 60).map((frame, index) => ({
      ...frame,
      dtcs: index > 400 && index < 1_000 ? ['P0301'] : [],
    }))
    expect(raisedBy(frames).map((decision) => decision.kind)).toEqual(['raise', 'clear'])
  })

  test('N2 a frame that says nothing of codes leaves the known ones standing', () => {
    const state = createVehicleState('v1')
    analyse(state, { timeMs: 1, values: {}, dtcs: ['P0420'] })
    expect(analyse(state, { timeMs: 2, values: {} }).findings).toMatchObject([{ dtc: 'P0420', system: 'EMISSIONS' }])
    expect(analyse(state, { timeMs: 3, values: {}, dtcs: [] }).findings).toEqual([])
  })

  test('N3 a slow puncture and failing oil pressure are found in their systems', () => {
    const frames = generatedDrive(3).map((frame, index) => ({
      ...frame,
      values: {
        ...frame.values,
        [tyre]: 235 - Math.max(index - 1_000, 0) / 40,
        [oil]: 330 - Math.max(index - 1_500, 0) / 12,
      },
    }))
    expect(
      raisedBy(frames)
        .map((decision) => decision.kind === 'raise' && decision.assessment.system)
        .sort(),
    ).toEqual(['LUBRICATION', 'TYRES'])
  })

  test('L3 pads that wear over months become more urgent as the limit comes near, each step told once', () => {
    const worn = Array.from({ length: 110 * 24 }, (_, index) => ({
      timeMs: index * hour,
      values: { [pads]: 70 + index / 100 },
    }))
    const told = raisedBy(worn).map((decision) =>
      decision.kind === 'clear' || decision.kind === 'reopen'
        ? decision.kind
        : `${decision.kind} ${decision.assessment.system} ${decision.assessment.urgency}`,
    )
    expect(told).toEqual(['raise BRAKES LOW', 'escalate BRAKES MEDIUM', 'escalate BRAKES HIGH'])
  })

  test('L7 after a repair the alert is gone and the system can raise a new one', () => {
    const state = createVehicleState('v1')
    const frames = overheating()
    expect(raisedBy(frames, state)).toHaveLength(1)
    forgetSystem(state, 'COOLING')
    expect(state.alerts.COOLING).toBeUndefined()
    expect(state.monitors['coolant-hot']).toBeUndefined()
    const again = frames.map((frame) => ({ ...frame, timeMs: frame.timeMs + 24 * hour }))
    expect(raisedBy(again, state)).toHaveLength(1)
  })
})
