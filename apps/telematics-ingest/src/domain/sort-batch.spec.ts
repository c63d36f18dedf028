import { describe, expect, test } from '@jest/globals'
import { telemetry } from '@pitcrew/contracts'
import { defaultFrameLimits } from './frame-limits.ts'
import { sortBatch, type Sorting } from './sort-batch.ts'
import { vehicleTracks } from './vehicle-tracks.ts'

const now = Date.UTC(2026, 0, 15, 12)

const raw = (vehicleId: string, value: number, deviceTimeMs = now): telemetry.RawFrame => ({
  ...telemetry.RawFrame.create(),
  vehicleId,
  deviceTimeMs,
  readings: [{ name: 'Vehicle.Speed', value, unit: '' }],
  dtcs: [],
  hasDtcs: false,
})

const sort = (raws: telemetry.RawFrame[], seen = new Set<string>()) => sortBatch(raws, sortingOf({ seen }))

const sortingOf = ({ seen = new Set<string>(), tracks = vehicleTracks().begin(), mine = /./ }): Sorting => ({
  now,
  limits: defaultFrameLimits,
  seen: (_, id) => seen.has(id),
  tracks,
  maySpeakFor: (vehicleId) => mine.test(vehicleId) || vehicleId === '',
})

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
      ...telemetry.RawFrame.create(),
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

  test('N2 late and out-of-order frames are accepted and counted as such', () => {
    const minutes = 60_000
    const result = sort([raw('v1', 50, now - 2 * minutes), raw('v1', 51), raw('v1', 52, now - minutes), raw('v2', 5)])
    expect(result.frames.map(({ late, outOfOrder }) => [late, outOfOrder])).toEqual([
      [true, false],
      [false, false],
      [false, true],
      [false, false],
    ])
  })

  test('N2 a value that cannot have changed so fast is refused, and refused again when the frame is sent again', () => {
    const coolant = (celsius: number, ms: number) => ({
      ...raw('v1', 50, now - 60_000 + ms),
      readings: [
        { name: 'Vehicle.Speed', value: 50, unit: '' },
        { name: '0105', value: celsius, unit: '' },
      ],
    })
    const frames = [coolant(80, 0), coolant(140, 1_000), coolant(81, 2_000), coolant(82, 30_000)]
    const vehicles = vehicleTracks()
    const tracks = vehicles.begin()
    const first = sortBatch(frames, sortingOf({ tracks }))
    expect(first.frames.map(({ partial }) => partial)).toEqual([false, true, false, false])
    expect(Object.fromEntries(first.reasons)).toEqual({ IMPLAUSIBLE_RATE: 1 })
    tracks.commit()
    const seen = new Set(first.frames.map(({ id }) => id))
    expect(sortBatch(frames, sortingOf({ seen, tracks: vehicles.begin() })).duplicateFrames).toBe(4)
    // What was never committed was never said.
    expect(sortBatch([coolant(140, 1_500)], sortingOf({ tracks: vehicleTracks().begin() })).frames[0]!.partial).toBe(
      false,
    )
  })

  test('N5 of a vehicle that the device may not speak for nothing is kept', () => {
    const result = sortBatch([raw('v1', 50), raw('v2', 50)], sortingOf({ mine: /^v1$/ }))
    expect(result.frames.map(({ message }) => message.vehicleId)).toEqual(['v1'])
    expect(result).toMatchObject({ refusedFrames: 1, quarantine: [], refusals: [{ code: 'FORBIDDEN_VEHICLE' }] })
  })
})
