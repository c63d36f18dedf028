import { describe, expect, test } from '@jest/globals'
import { createFleet } from './fleet.ts'

const now = Date.UTC(2026, 0, 15, 12)

describe('the fleet', () => {
  test('L12 gives one frame a second for each vehicle, up to now and no further', () => {
    const fleet = createFleet()
    fleet.add({ vehicleId: 'a' }, now)
    fleet.add({ vehicleId: 'b' }, now)
    expect(fleet.advance(now + 999)).toEqual([])
    expect(fleet.advance(now + 3400)).toHaveLength(6)
    expect(fleet.advance(now + 4000).map(({ frame }) => frame.timeMs)).toEqual([now + 4000, now + 4000])
    expect(fleet.advance(now + 4000)).toEqual([])
  })

  test('L12 a history is caught up at its speed and then goes on at the pace of the day', () => {
    const fleet = createFleet()
    fleet.add({ vehicleId: 'a', historySeconds: 600, speedUp: 60 }, now)
    let frames = 0
    let last = 0
    for (let t = now; t <= now + 20_000; t += 250)
      for (const { frame } of fleet.advance(t)) {
        frames += 1
        expect(frame.timeMs).toBeGreaterThan(last)
        expect(frame.timeMs).toBeLessThanOrEqual(t)
        last = frame.timeMs
      }
    expect(frames).toBe(620)
    expect(last).toBe(now + 20_000)
  })

  test('L12 the same seed drives the same way, another one differs', () => {
    const drive = (seed: string) => {
      const fleet = createFleet()
      fleet.add({ vehicleId: 'a', seed }, now)
      return fleet.advance(now + 300_000)
    }
    expect(drive('x')).toEqual(drive('x'))
    expect(drive('x')).not.toEqual(drive('y'))
  })

  test('L12 a fault shows, and a repair takes it away', () => {
    const fleet = createFleet()
    fleet.add({ vehicleId: 'a', fault: 'alternator', historySeconds: 3600, speedUp: 600 }, now)
    const voltage = (frames: ReturnType<typeof fleet.advance>) =>
      frames.at(-1)!.frame.values['Vehicle.LowVoltageBattery.CurrentVoltage']!
    expect(voltage(fleet.advance(now + 10_000))).toBeLessThan(12.2)
    expect(fleet.repair('a')).toBe(true)
    expect(voltage(fleet.advance(now + 12_000))).toBeGreaterThan(13)
    expect(fleet.find('a')!.fault).toBeUndefined()
    expect(fleet.repair('nobody')).toBe(false)
  })

  test('a vehicle nobody looked at was parked, its clock goes on', () => {
    const fleet = createFleet()
    fleet.add({ vehicleId: 'a' }, now)
    const frames = fleet.advance(now + 24 * 3_600_000)
    expect(frames).toHaveLength(600)
    expect(frames.at(-1)!.frame.timeMs).toBe(now + 24 * 3_600_000)
  })

  test.each([
    ['BAD_VEHICLE_ID', { vehicleId: 'a b' }],
    ['ALREADY_EXISTS', { vehicleId: 'taken' }],
    ['BAD_SPEED_UP', { vehicleId: 'a', speedUp: 0 }],
    ['BAD_HISTORY', { vehicleId: 'a', historySeconds: NaN }],
    ['UNKNOWN_FAULT', { vehicleId: 'a', fault: 'gremlins' }],
  ])('refuses %s', (code, wish) => {
    const fleet = createFleet()
    fleet.add({ vehicleId: 'taken' }, now)
    expect(() => fleet.add(wish, now)).toThrow(expect.objectContaining({ kind: 'terminal', code }))
    expect(fleet.list()).toHaveLength(1)
  })
})
