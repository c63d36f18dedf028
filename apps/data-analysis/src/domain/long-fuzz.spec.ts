/** Whatever arrives, and in whatever order: analysis never throws, and what it says keeps within its bounds. */
import { expect, test } from '@jest/globals'
import { signals, type SignalFrame } from '@pitcrew/signals'
import fc from 'fast-check'
import { assess } from './assess.ts'
import type { HoursInterval } from './interval.ts'
import { monitors } from './monitors/index.ts'
import { createVehicleState, fromJSON } from './vehicle-state.ts'
import { watch } from './watch.ts'

const watched = [...new Set(monitors.map(({ signal }) => signal))]
const paths = [...watched, 'Vehicle.Powertrain.CombustionEngine.Speed', 'Vehicle.OBD.RunTime', 'Vehicle.Speed']

const code = fc.oneof(fc.constantFrom('P0217', 'P0301', 'P0562', 'U3003', 'SPN110-FMI0', 'P1ABC'), fc.string())
const reading = fc.oneof(
  { weight: 20, arbitrary: fc.double({ min: -50, max: 5_000, noNaN: true }) },
  { weight: 1, arbitrary: fc.double() },
)
const fault = fc.record({
  code,
  status: fc.constantFrom('PENDING', 'CONFIRMED', 'PERMANENT'),
  lamp: fc.constantFrom('NONE', 'PROTECT', 'AMBER_WARNING', 'MALFUNCTION', 'RED_STOP'),
  occurrences: fc.integer({ min: 0, max: 126 }),
})
/** A stretch of time in which readings stay where they are: detectors speak only of what lasts. */
const stretch = fc.record({
  seconds: fc.constantFrom(1, 5, 60, 400),
  stepMs: fc.constantFrom(0, 500, 1_000, 15_000, 700_000, -3_000),
  values: fc.dictionary(
    fc.oneof(fc.constantFrom(...paths), fc.constantFrom(...signals.map(({ path }) => path))),
    reading,
    {
      maxKeys: 12,
    },
  ),
  running: fc.boolean(),
  dtcs: fc.option(fc.array(code, { maxLength: 4 }), { nil: undefined }),
  faults: fc.option(fc.array(fault, { maxLength: 4 }), { nil: undefined }),
})

type Stretch = typeof stretch extends fc.Arbitrary<infer T> ? T : never

function* framesOf(stretches: readonly Stretch[]): Generator<SignalFrame> {
  let timeMs = 1_000_000
  for (const { seconds, stepMs, values, running, dtcs, faults } of stretches)
    for (let index = 0; index < seconds; index++) {
      timeMs += stepMs
      const engine: Record<string, number> = running ? { 'Vehicle.Powertrain.CombustionEngine.Speed': 1_500 } : {}
      const codes = dtcs === undefined ? {} : { dtcs, ...(faults && { faults: faults as SignalFrame['faults'] }) }
      yield { timeMs, values: { ...values, ...engine }, ...codes }
    }
}

const expectOrdered = ({ lowerHours, medianHours, upperHours }: HoursInterval): void => {
  expect(lowerHours).toBeGreaterThanOrEqual(0)
  expect(medianHours).toBeGreaterThanOrEqual(lowerHours)
  expect(upperHours).toBeGreaterThanOrEqual(medianHours)
  expect(Number.isFinite(upperHours)).toBe(true)
}

test('N3 L3 any frames: no throw, strengths within [0, 1], intervals in order, hazards rise, the state stays JSON', () => {
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 6 }), (stretches) => {
      const state = createVehicleState('fuzzed')
      let seen = 0
      for (const frame of framesOf(stretches)) {
        const { findings } = watch(state, frame)
        if (findings.length === 0 || seen++ % 16 !== 0) continue
        for (const { strength, timeToFailure, timeToLimit } of findings) {
          expect(strength).toBeGreaterThanOrEqual(0)
          expect(strength).toBeLessThanOrEqual(1)
          expectOrdered(timeToFailure)
          if (timeToLimit) expectOrdered(timeToLimit)
        }
        for (const { probability, timeToFailure, hazard } of assess(findings)) {
          expectOrdered(timeToFailure)
          const chances = hazard.map((point) => point.probability)
          expect(chances).toEqual(chances.toSorted((a, b) => a - b))
          expect(chances.at(-1)).toBeLessThanOrEqual(probability + 1e-9)
          expect(probability).toBeLessThan(1)
        }
      }
      // As text: JSON knows no negative zero, and none of the detectors cares.
      expect(JSON.stringify(fromJSON(JSON.parse(JSON.stringify(state))))).toBe(JSON.stringify(state))
    }),
    { numRuns: 900 },
  )
})
