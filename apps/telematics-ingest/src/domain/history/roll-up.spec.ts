import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Buckets } from './bucket.ts'
import { hourMs, minuteMs } from './level.ts'
import { encodeTable } from './chunk.ts'
import { addReadings, mergeReadings, segmentsOf } from './readings.ts'
import { mergeHour, replaceHour } from './roll-up.ts'
import { encodeRollup, readRollup } from './rollup.ts'

const hour = 486_000
const paths = ['Vehicle.Speed', 'Vehicle.LowVoltageBattery.CurrentVoltage', 'Vehicle.Powertrain.CombustionEngine.Speed']
const signalOf = (path: string) => paths.indexOf(path) + 1

interface Read {
  signal: number
  timeMs: number
  value: number
}

const frames = fc.array(
  fc.record({
    deviceTimeMs: fc.integer({ min: 0, max: hourMs - 1 }).map((offset) => hour * hourMs + offset),
    readings: fc.uniqueArray(
      fc.record({ path: fc.constantFrom(...paths), value: fc.integer({ min: -50, max: 6_000 }).map((n) => n / 4) }),
      {
        selector: ({ path }) => path,
        maxLength: 3,
      },
    ),
  }),
  { maxLength: 80 },
)

/** The frames in `parts` chunks, as they came. */
const chunksOf = (all: { deviceTimeMs: number; readings: { path: string; value: number }[] }[], parts: number) =>
  Array.from({ length: parts }, (_, part) =>
    segmentsOf(
      all.filter((_, i) => i % parts === part).map((frame) => ({ vehicleId: 'v', ...frame })),
      signalOf,
    ),
  )
    .flat()
    .map(({ content }) => content)

/** In the order in which the chunks hold them. */
const readsOf = (all: { deviceTimeMs: number; readings: { path: string; value: number }[] }[], parts: number): Read[] =>
  Array.from({ length: parts }, (_, part) => all.filter((_, i) => i % parts === part))
    .flat()
    .flatMap(({ deviceTimeMs, readings }) =>
      readings.map(({ path, value }) => ({ signal: signalOf(path), timeMs: deviceTimeMs, value })),
    )

function bruteForce(reads: Read[], stepMs: number) {
  const groups = Map.groupBy(reads, ({ signal, timeMs }) => `${signal} ${Math.floor(timeMs / stepMs) * stepMs}`)
  return new Map(
    [...groups].map(([key, group]) => {
      const values = group.map(({ value }) => value)
      const newest = Math.max(...group.map(({ timeMs }) => timeMs))
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const last = group.findLast(({ timeMs }) => timeMs === newest)!.value
      return [key, { count: values.length, min: Math.min(...values), max: Math.max(...values), mean, last }]
    }),
  )
}

function rolledUp(content: Uint8Array) {
  const found = new Map<string, object>()
  readRollup(
    content,
    () => true,
    (signal, startMs, { sum, ...rest }) => {
      const mean = sum / rest.count
      found.set(`${signal} ${startMs}`, {
        ...rest,
        mean: expect.closeTo(mean, 2 - Math.ceil(Math.log10(Math.abs(mean) + 1))),
      })
    },
  )
  return found
}

describe('rollups', () => {
  test('L1 minutes and hours are what brute force over all readings gives, in whatever order they came', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 4 }), (all, parts) => {
        const chunks = chunksOf(all, parts)
        if (chunks.length === 0) return
        const { minutes } = mergeHour(chunks)
        const reads = readsOf(all, parts)
        expect(bruteForce(reads, minuteMs)).toEqual(rolledUp(encodeRollup(minutes)))
        expect(bruteForce(reads, hourMs)).toEqual(rolledUp(replaceHour(undefined, hour, minutes)))
      }),
    )
  })

  test('L1 late readings replace their hour in the day and leave the others as they were', () => {
    const at = (hours: number, value: number) =>
      segmentsOf(
        [{ vehicleId: 'v', deviceTimeMs: hours * hourMs, readings: [{ path: paths[0]!, value }] }],
        signalOf,
      )[0]!.content
    const first = replaceHour(undefined, hour, mergeHour([at(hour, 10)]).minutes)
    const both = replaceHour(first, hour + 1, mergeHour([at(hour + 1, 20)]).minutes)
    const late = replaceHour(both, hour, mergeHour([at(hour, 10), at(hour, 40)]).minutes)
    const found = new Map<number, [number, number]>()
    readRollup(
      late,
      () => true,
      (_, startMs, { count, max }) => found.set(startMs, [count, max]),
    )
    expect(found).toEqual(
      new Map([
        [hour * hourMs, [2, 40]],
        [(hour + 1) * hourMs, [1, 20]],
      ]),
    )
  })

  test('L1 merging twice is merging once, and only the range asked for is counted', () => {
    fc.assert(
      fc.property(frames, (all) => {
        const chunks = chunksOf(all, 3)
        const once = encodeTable(mergeReadings(chunks))
        expect(encodeTable(mergeReadings([once]))).toEqual(once)
        const range = { fromMs: hour * hourMs + 600_000, toMs: hour * hourMs + 1_200_000 }
        const buckets = new Buckets(hourMs)
        addReadings(once, range, () => true, buckets)
        const within = readsOf(all, 3).filter(({ timeMs }) => timeMs >= range.fromMs && timeMs < range.toMs)
        const counted = buckets.signals.flatMap((signal) => buckets.of(signal).map(([, { count }]) => count))
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(within.length)
      }),
    )
  })

  test('L1 one bucket too many is TOO_MANY_POINTS', () => {
    const buckets = new Buckets(1, 2)
    buckets.add(1, 1, 0)
    buckets.add(2, 1, 0)
    expect(() => buckets.add(1, 2, 0)).toThrow(expect.objectContaining({ code: 'TOO_MANY_POINTS' }))
  })
})
