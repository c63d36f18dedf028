import { beforeAll, describe, expect, test } from '@jest/globals'
import { checkReading, plausibleRate, type SignalFrame } from '@pitcrew/signals'
import { paths } from './signal-paths.ts'
import { createSyntheticVehicle } from './synthetic-vehicle.ts'

const seconds = 7200
const start = Date.UTC(2026, 0, 15, 12)

describe.each(['north', 'south', 'east', 'west', 'depot'])('a healthy vehicle (%s) over two hours', (seed) => {
  let frames: SignalFrame[]
  const series = (path: string, from = 0) => frames.slice(from).map(({ values }) => values[path]!)

  beforeAll(() => {
    const next = createSyntheticVehicle(seed)
    frames = Array.from({ length: seconds }, (_, i) => next(start + i * 1000))
  })

  test('L12 sends readings that the catalogue takes, each moving no faster than it can', () => {
    for (const [i, { values }] of frames.entries())
      for (const [path, value] of Object.entries(values)) {
        const checked = checkReading(path, value)
        const before = frames[i - 1]?.values[path] ?? value
        if (!checked.ok || !plausibleRate(path, before, value, 1))
          throw new Error(`second ${i}: ${path} ${before} -> ${value}`)
      }
    expect(Object.keys(frames[0]!.values).length).toBeGreaterThanOrEqual(25)
  })

  test('L12 warms up within a quarter of an hour and then keeps its temperature', () => {
    expect(frames[0]!.values[paths.coolant]).toBeLessThan(65)
    const warm = series(paths.coolant, 900)
    expect(Math.min(...warm)).toBeGreaterThanOrEqual(85)
    expect(Math.max(...warm)).toBeLessThanOrEqual(93)
    const oil = series(paths.oilTemperature, 1500)
    expect(Math.max(...oil) - Math.min(...oil)).toBeLessThanOrEqual(8)
    expect(Math.max(...oil)).toBeLessThanOrEqual(104)
  })

  test('L12 charges within the regulator band and keeps its mixture', () => {
    const supply = series(paths.voltage, 120)
    expect(Math.min(...supply)).toBeGreaterThan(13.35)
    expect(Math.max(...supply)).toBeLessThan(14)
    const trims = frames.map(({ values }) => values[paths.shortTrim]! + values[paths.longTrim]!)
    expect(Math.max(...trims.map(Math.abs))).toBeLessThan(10)
  })

  test('L12 stands, drives in town and on the highway, with engine speed to match', () => {
    const speeds = series(paths.speed)
    const share = (holds: (speed: number) => boolean) => speeds.filter(holds).length / seconds
    expect(share((speed) => speed === 0)).toBeGreaterThan(0.05)
    expect(share((speed) => speed > 20 && speed < 60)).toBeGreaterThan(0.1)
    expect(share((speed) => speed > 85)).toBeGreaterThan(0.15)
    for (const { values } of frames) {
      expect(values[paths.rpm]).toBeGreaterThan(600)
      expect(values[paths.rpm]).toBeLessThan(4500)
    }
  })

  test('L12 keeps oil pressure above idle and its catalyst ratio', () => {
    const driven = frames.slice(900).filter(({ values }) => values[paths.rpm]! > 1200)
    expect(Math.min(...driven.map(({ values }) => values[paths.oilPressure]!))).toBeGreaterThan(310)
    for (const { values } of driven)
      expect(values[paths.catalystRear]! / values[paths.catalystFront]!).toBeCloseTo(0.74, 2)
  })
})
