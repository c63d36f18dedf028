import { describe, expect, test } from '@jest/globals'
import { checkReading } from '@pitcrew/signals'
import { createSyntheticVehicle } from '../vehicles/synthetic-vehicle.ts'
import { deviceFrames, dialectOf, type Dialect } from './device-frame.ts'

const start = Date.UTC(2026, 0, 15, 12)
const idOf = (dialect: Dialect) =>
  Array.from({ length: 50 }, (_, i) => `v${i}`).find((id) => dialectOf(id) === dialect)!

describe.each<Dialect>(['vss', 'obd', 'imperial'])('a device that speaks %s', (dialect) => {
  const vehicleId = idOf(dialect)
  const next = createSyntheticVehicle(vehicleId)
  const drive = Array.from({ length: 2500 }, (_, i) => next(start + i * 1000))

  test('L12 sends every reading so that the catalogue reads the same value, and rubbish only beside them', () => {
    let refused = 0
    for (const frame of drive) {
      const [sent] = deviceFrames(vehicleId, frame)
      const read = new Map<string, number>()
      for (const { name, value, unit } of sent!.readings) {
        const checked = checkReading(name, value, unit)
        if (checked.ok) read.set(checked.path, checked.value)
        else refused += 1
      }
      expect([...read.keys()].sort()).toEqual(Object.keys(frame.values).sort())
      for (const [path, value] of read) expect(value).toBeCloseTo(frame.values[path]!, 6)
    }
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThan(35)
  })

  test('L12 some frames come twice, some name no vehicle, all the same way when asked again', () => {
    const sent = drive.map((frame) => deviceFrames(vehicleId, frame))
    expect(sent.filter(([a, b]) => b !== undefined && b.vehicleId === a!.vehicleId).length).toBeGreaterThan(0)
    expect(sent.flat().filter((frame) => frame.vehicleId === '').length).toBeGreaterThan(0)
    expect(drive.map((frame) => deviceFrames(vehicleId, frame))).toEqual(sent)
  })
})
