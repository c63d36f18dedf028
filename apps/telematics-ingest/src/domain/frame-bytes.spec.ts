import { expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { signals } from '@pitcrew/signals'
import * as fc from 'fast-check'
import { frameBytes } from './frame-bytes.ts'
import { frameIdentity } from './frame-identity.ts'

const reading = fc.record({
  path: fc.oneof(fc.constantFrom(...signals.map(({ path }) => path)), fc.constant(`Vehicle.${'x'.repeat(120)}`)),
  value: fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 50, 1e-300)),
})
const fault = fc.record({
  code: fc.constantFrom('P0217', 'SPN110-FMI0'),
  status: fc.constantFrom(...Object.values(telemetry.FaultStatus)),
  lamp: fc.constantFrom(...Object.values(telemetry.FaultLamp)),
  occurrences: fc.nat(126),
})
const time = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, 127, 128, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER))
const anyFrame: fc.Arbitrary<telemetry.Frame> = fc.record({
  vehicleId: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
  deviceTimeMs: time,
  receivedTimeMs: time,
  readings: fc.array(reading, { maxLength: 40 }),
  dtcs: fc.array(fc.constantFrom('P0217', 'P0300'), { maxLength: 3 }),
  hasDtcs: fc.boolean(),
  faults: fc.array(fault, { maxLength: 3 }),
})

test('N2 the bytes of a frame are those of the contract, whatever it holds', () => {
  fc.assert(
    fc.property(anyFrame, (frame) => {
      const generated = Buffer.from(telemetry.Frame.encode(frame).finish())
      expect(Buffer.from(frameBytes(frame).whole).equals(generated)).toBe(true)
    }),
    { numRuns: 2_000, seed: 4 },
  )
})

test('N1 the identity of a frame is of all that it says, codes included, and not of when it came', () => {
  const frame = telemetry.Frame.fromPartial({
    vehicleId: 'v1',
    deviceTimeMs: 1,
    receivedTimeMs: 2,
    readings: [{ path: 'Vehicle.Speed', value: 50 }],
    faults: [{ code: 'P0217', status: 'FAULT_STATUS_PENDING', occurrences: 1 }],
  })
  const id = frameIdentity(frame)
  expect(frameIdentity({ ...frame, receivedTimeMs: 3 })).toBe(id)
  const others: Partial<telemetry.Frame>[] = [
    { deviceTimeMs: 2 },
    { vehicleId: 'v2' },
    { hasDtcs: true },
    { readings: [{ path: 'Vehicle.Speed', value: 51 }] },
    { faults: [{ ...frame.faults[0]!, occurrences: 2 }] },
    { faults: [{ ...frame.faults[0]!, status: 'FAULT_STATUS_CONFIRMED' }] },
  ]
  const ids = others.map((change) => frameIdentity({ ...frame, ...change }))
  expect(new Set([id, ...ids]).size).toBe(7)
})

test('N2 so are those of frames with the same signals one after another, and of those in between that differ', () => {
  const values = fc.oneof(
    { weight: 9, arbitrary: fc.double({ noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(0) },
  )
  const sameSignals = fc.array(reading, { minLength: 1, maxLength: 20 }).chain((readings) =>
    fc.array(fc.tuple(...readings.map(({ path }) => fc.record({ path: fc.constant(path), value: values }))), {
      minLength: 2,
      maxLength: 14,
    }),
  )
  fc.assert(
    fc.property(sameSignals, anyFrame, (series, other) => {
      for (const [i, readings] of series.entries()) {
        const frame = { ...other, readings: i % 5 === 4 ? readings.toReversed() : readings }
        const generated = Buffer.from(telemetry.Frame.encode(frame).finish())
        expect(Buffer.from(frameBytes(frame).whole).equals(generated)).toBe(true)
      }
    }),
    { numRuns: 500, seed: 5 },
  )
})
