import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { defaultFrameLimits } from './frame-limits.ts'
import { sortBatch } from './sort-batch.ts'

const now = Date.UTC(2026, 0, 15, 12)

const raw = (vehicleId: string, value: number, deviceTimeMs = now): telemetry.RawFrame => ({
  vehicleId,
  deviceTimeMs,
  readings: [{ name: 'Vehicle.Speed', value, unit: '' }],
  dtcs: [],
  hasDtcs: false,
})

const sort = (raws: telemetry.RawFrame[], seen = new Set<string>()) =>
  sortBatch(raws, now, defaultFrameLimits, (_, id) => seen.has(id))

describe('sorting a batch', () => {
  test('N1 the same moment with the same content is one frame, in a batch and over batches', () => {
    const first = sort([raw('v1', 50), raw('v1', 50), raw('v1', 51), raw('v2', 50)])
    expect(first).toMatchObject({ duplicateFrames: 1, quarantine: [] })
    expect(first.frames).toHaveLength(3)
    const again = sort([raw('v1', 50), raw('v1', 50, now - 60_000)], new Set(first.frames.map(({ id }) => id)))
    expect(again.duplicateFrames).toBe(1)
    expect(again.frames.map(({ message }) => message.deviceTimeMs)).toEqual([now - 60_000])
  })

  test('N1 the same reading under its PID and under its path is the same frame', () => {
    const asPid = { ...raw('v1', 0), readings: [{ name: '010d', value: 50, unit: 'km/h' }] }
    expect(sort([raw('v1', 50), asPid])).toMatchObject({ duplicateFrames: 1 })
  })

  test('N2 quarantines what was refused with where it came from, and counts readings', () => {
    const mixed = { ...raw('v1', 50), readings: [...raw('v1', 50).readings, { name: 'X', value: 1, unit: '' }] }
    const result = sort([mixed, raw('', 1), { ...raw('v2', 1), readings: [] }])
    expect(result.frames).toHaveLength(1)
    expect(result.quarantinedReadings).toBe(3)
    expect(result.quarantine.map(({ key }) => key)).toEqual(['v1', 'unknown', 'v2'])
    expect(result.quarantine[0]!.message.frame!.readings).toEqual([{ name: 'X', value: 1, unit: '' }])
    expect(result.refusals[0]!.message).toMatch(/^v1 at \d+: /)
  })

  test('N2 whatever was refused can be written as protobuf and is bounded', () => {
    const nonsense: telemetry.RawFrame = {
      vehicleId: '\ud800'.repeat(10_000),
      deviceTimeMs: Infinity,
      readings: Array.from({ length: 5000 }, () => ({ name: 'n'.repeat(1000), value: NaN, unit: '\u0000' })),
      dtcs: ['\ud800'],
      hasDtcs: true,
    }
    const [entry] = sort([nonsense]).quarantine
    const bytes = telemetry.Quarantined.encode(entry!.message).finish()
    expect(bytes.length).toBeLessThan(100_000)
    expect(telemetry.Quarantined.decode(bytes).refusals[0]!.code).toBe('BAD_VEHICLE_ID')
  })

  test('an answer lists a hundred reasons, the quarantine has all', () => {
    const result = sort(Array.from({ length: 150 }, (_, i) => raw('', i)))
    expect(result.refusals).toHaveLength(100)
    expect(result.quarantine).toHaveLength(150)
  })
})
