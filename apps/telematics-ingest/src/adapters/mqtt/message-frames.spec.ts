import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { signal } from '@pitcrew/signals'
import * as fc from 'fast-check'
import { defaultFrameLimits } from '../../domain/frame-limits.ts'
import { normaliseFrame } from '../../domain/normalise-frame.ts'
import { messageFrames } from './message-frames.ts'

const maxBytes = 100_000
const frame = telemetry.RawFrame.fromPartial({
  vehicleId: 'v1',
  deviceTimeMs: 1_700_000_000_000,
  readings: [{ name: 'Vehicle.Speed', value: 50, unit: '' }],
  obd: [Buffer.from('410d50', 'hex')],
  can: [{ id: 0x18feca00, extended: true, data: Buffer.from('10ff6e000003ffff', 'hex') }],
  faults: [{ code: 'P0217', status: 'FAULT_STATUS_CONFIRMED', occurrences: 1 }],
  hasDtcs: true,
})
const protobuf = Buffer.from(telemetry.PublishRequest.encode({ frames: [frame] }).finish())
const json = Buffer.from(JSON.stringify(telemetry.PublishRequest.toJSON({ frames: [frame] })))

describe('a payload over MQTT', () => {
  test.each([
    ['protobuf', protobuf],
    ['JSON', json],
    ['protobuf with gzip', gzipSync(protobuf)],
    ['JSON with gzip', gzipSync(json)],
  ])('N2 is read as what its first bytes say: %s', async (_, payload) => {
    expect(await messageFrames(payload, maxBytes)).toEqual([frame])
  })

  test('N2 that inflates beyond the bound is refused', async () => {
    await expect(messageFrames(gzipSync(Buffer.alloc(maxBytes + 1)), maxBytes)).rejects.toMatchObject({
      code: 'TOO_LARGE',
    })
  })

  test('N2 of whatever bytes is frames or a refusal, and no frame yields a reading out of range', async () => {
    const mutated = fc
      .tuple(fc.constantFrom(protobuf, json), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(8))
      .map(([whole, changes, cutOff]) => {
        const bytes = Buffer.from(whole.subarray(0, whole.length - cutOff))
        for (const [place, byte] of changes) bytes[place % bytes.length] = byte
        return bytes
      })
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      mutated,
      mutated.map((bytes) => gzipSync(bytes)),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        const frames = await messageFrames(bytes, maxBytes).catch((thrown: { kind: string }) => {
          expect(thrown.kind).toBe('terminal')
          return []
        })
        for (const raw of frames) {
          const result = normaliseFrame(raw, frame.deviceTimeMs, defaultFrameLimits)
          if (result.kind === 'refused') continue
          for (const { path, value } of result.frame.readings) {
            const { min, max } = signal(path)!
            expect(value).toBeGreaterThanOrEqual(min)
            expect(value).toBeLessThanOrEqual(max)
          }
        }
      }),
      { numRuns: 2_000, seed: 7 },
    )
  })
})
