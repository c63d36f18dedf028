import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { signals } from '@pitcrew/signals'
import * as fc from 'fast-check'
import { readPublishRequest, readStreamRequest } from './read-frames.ts'

const paths = signals.map(({ path }) => path)
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...paths, '', '0105', 'km/h', 'P0217', '4.2') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 140 }) },
)
const reading = fc.record({ name: text, value: fc.double(), unit: text })
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.array(arbitrary, { maxLength: 2 }).chain((some) => fc.constantFrom<T[]>([], [], [], [], [], [], [], [], [], some))
const bytes = fc.uint8Array({ maxLength: 8 }).map((given) => Buffer.from(given))
const frame: fc.Arbitrary<telemetry.RawFrame> = fc.record({
  vehicleId: fc.oneof(fc.constantFrom('v1', ''), text),
  deviceTimeMs: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 127, 128, 1.75e12, 2 ** 49, 2 ** 49 - 1)),
  readings: fc.array(reading, { maxLength: 6 }),
  dtcs: fc.array(text, { maxLength: 2 }),
  hasDtcs: fc.boolean(),
  vssVersion: text,
  obd: rarely(bytes),
  can: rarely(fc.record({ id: fc.nat(), extended: fc.boolean(), data: bytes })),
  faults: rarely(
    fc.record({
      code: text,
      status: fc.constantFrom(...Object.values(telemetry.FaultStatus)),
      lamp: fc.constantFrom(...Object.values(telemetry.FaultLamp)),
      occurrences: fc.nat(126),
    }),
  ),
})
const request: fc.Arbitrary<telemetry.StreamRequest> = fc.record({
  batch: fc.maxSafeNat(),
  frames: fc.array(frame, { maxLength: 4 }),
})

/** What came of it, refusals too. */
function outcome<T>(decode: () => T): { message: T } | { refused: string } {
  try {
    return { message: decode() }
  } catch (thrown) {
    return { refused: String(thrown) }
  }
}

function expectSame(given: Buffer): void {
  expect(outcome(() => readStreamRequest(given))).toEqual(outcome(() => telemetry.StreamRequest.decode(given)))
  expect(outcome(() => readPublishRequest(given))).toEqual(outcome(() => telemetry.PublishRequest.decode(given)))
}

describe('raw frames from protobuf', () => {
  test('N2 are what the generated decoder makes of them, whatever they hold', () => {
    fc.assert(
      fc.property(request, (message) => {
        expectSame(Buffer.from(telemetry.StreamRequest.encode(message).finish()))
        expectSame(Buffer.from(telemetry.PublishRequest.encode(message).finish()))
      }),
      { numRuns: 300, seed: 11 },
    )
  })

  test('N2 whose bytes were changed, cut off or repeated are read or refused as the generated decoder does', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(
        request,
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(12),
        fc.boolean(),
        (message, changes, cutOff, twice) => {
          for (const codec of [telemetry.StreamRequest, telemetry.PublishRequest]) {
            const whole = Buffer.from(codec.encode(message).finish())
            const given = Buffer.from(
              (twice ? Buffer.concat([whole, whole]) : whole).subarray(0, whole.length - cutOff),
            )
            for (const [place, byte] of changes) if (given.length > 0) given[place % given.length] = byte
            expectSame(given)
          }
        },
      ),
      { numRuns: 1_000, seed: 12 },
    )
  })

  test('N2 of whatever bytes are frames or a refusal, the same as the generated decoder', () => {
    // Bytes that are tags and small lengths more often than by chance.
    const likely = fc.constantFrom(0x08, 0x0a, 0x10, 0x11, 0x12, 0x1a, 0x22, 0x28, 0x32, 0, 1, 2, 9, 0x80, 0xff)
    const noise = fc.array(fc.oneof(likely, fc.nat(255)), { maxLength: 60 })
    fc.assert(
      fc.property(noise, (given) => expectSame(Buffer.from(given))),
      { numRuns: 3_000, seed: 13 },
    )
  })

  test('keep nothing of the message that they came in', () => {
    const message = {
      ...telemetry.RawFrame.create(),
      vehicleId: 'v1',
      readings: [{ name: paths[0]!, value: 1, unit: '' }],
    }
    const given = Buffer.from(telemetry.PublishRequest.encode({ frames: [message] }).finish())
    const again = Buffer.from(given)
    expect(readPublishRequest(given).frames).toEqual([message])
    given.fill(0x78)
    expect(readPublishRequest(again).frames).toEqual([message])
  })
})
