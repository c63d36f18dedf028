import { describe, expect, test } from '@jest/globals'
import { events, telemetry } from '@pitcrew/contracts'
import { checkReading, signal } from '@pitcrew/signals'
import { doors } from './contenders.ts'
import { framesOf, grouped, stored, vehicleOf } from './frames.ts'
import { readOptions } from './options.ts'
import { report, tables } from './report.ts'
import type { Sample } from './rounds.ts'
import { acceptedOf, pipelined } from './senders/sender.ts'

const sample = (perSecond: number, cpu = 0.1): Sample => ({
  frames: 1_000,
  elapsedMs: 1_000_000 / perSecond,
  brokerCpuSeconds: cpu,
  ingestCpuSeconds: 2 * cpu,
  storedBytes: 1_665,
})

describe('L14 options of bench ingest', () => {
  test('are every door, five rounds and what is acknowledged on the disk, unless something else is asked for', () => {
    expect(readOptions({})).toMatchObject({ doors: [...doors], rounds: 5, frames: 20_000, syncAlways: true })
    expect(readOptions({ quick: true })).toMatchObject({ rounds: 1, frames: 4_000 })
    expect(readOptions({ doors: 'mqtt, http,mqtt', rounds: '2', sync: 'system' })).toMatchObject({
      doors: ['mqtt', 'http'],
      rounds: 2,
      syncAlways: false,
    })
  })

  test.each([{ doors: 'fax' }, { rounds: '0' }, { rounds: 'all' }, { frames: '1.5' }, { sync: 'never' }])(
    'are refused when they make no sense: %j',
    (flags) => expect(() => readOptions(flags)).toThrow(expect.objectContaining({ code: 'BAD_USAGE' })),
  )
})

describe('L14 the report of bench ingest', () => {
  test('a ratio is taken within a round, a figure is the median over the rounds', () => {
    const samples = {
      grpcStream: [sample(800), sample(300), sample(900)],
      bare: [sample(1_000), sample(500), sample(1_000)],
    }
    const { metrics, met, targets } = report(samples, { protocol: {}, asked: ['grpcStream'] })
    expect(metrics).toMatchObject({
      'grpcStream.framesPerSecond': 800,
      'grpcStream.ratio': 0.8,
      'grpcStream.ingestCpuSecondsPer1000': 0.2,
      'grpcStream.cpuSecondsPer1000': 0.3,
      'bare.framesPerSecond': 1_000,
      'cost.cores10000Vehicles': 3,
    })
    expect([Object.keys(targets), met]).toEqual([['grpcStream.ratio'], true])
    expect(metrics['bare.ratio']).toBeUndefined()
  })

  test('is met only when each door that was asked for was measured and is fast enough', () => {
    const samples = { http: [sample(500)], grpcStream: [sample(699)], bare: [sample(1_000)] }
    expect(report(samples, { protocol: {}, asked: ['http'] }).met).toBe(true)
    expect(report(samples, { protocol: {}, asked: ['http', 'grpcStream'] }).met).toBe(false)
    expect(report(samples, { protocol: {}, asked: ['mqtt'] }).met).toBe(false)
    expect(tables(report(samples, { protocol: {}, asked: [] }))[0]!.rows.map(([title]) => title)).toHaveLength(3)
  })
})

describe('L14 what bench ingest sends', () => {
  const turn = { name: 'g1', frames: 1_200, nowMs: 1.75e12 }

  test('are frames of 25 plausible readings, none of them like another', () => {
    const frames = [...framesOf(turn)]
    expect(frames).toHaveLength(1_200)
    expect(new Set(frames.map(({ vehicleId, deviceTimeMs }) => `${vehicleId} ${deviceTimeMs}`)).size).toBe(1_200)
    expect(frames[7]!.vehicleId).toBe(vehicleOf(turn, 507))
    for (const { readings } of frames.slice(0, 50)) {
      expect(readings).toHaveLength(25)
      for (const { name, value, unit } of readings) expect(checkReading(name, value, unit)).toMatchObject({ ok: true })
    }
  })

  test('change no faster than the signals may', () => {
    const [first, second] = [...framesOf(turn)].filter(({ vehicleId }) => vehicleId === vehicleOf(turn, 3))
    expect(second!.deviceTimeMs - first!.deviceTimeMs).toBe(1_000)
    for (const [i, { name, value }] of second!.readings.entries())
      expect(Math.abs(value - first!.readings[i]!.value)).toBeLessThanOrEqual(
        signal(name)!.maxRatePerSecond ?? Infinity,
      )
  })

  test('bare is what ingest stores of it', () => {
    const [raw] = framesOf(turn)
    const bytes = events.frameReceived.codec.encode(stored(raw!)).finish()
    expect(telemetry.Frame.decode(bytes)).toMatchObject({ vehicleId: raw!.vehicleId, readings: { length: 25 } })
  })

  test('goes in groups, so many at a time, and counts what was accepted', async () => {
    expect([...grouped([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]])
    let underWay = 0
    let most = 0
    const sum = await pipelined([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
      most = Math.max(most, ++underWay)
      await Promise.resolve()
      underWay--
      return n
    })
    expect([sum, most]).toEqual([28, 3])
    const refused = { ...telemetry.PublishResponse.create(), refusals: [{ name: 'x', code: 'TOO_OLD', message: 'm' }] }
    expect(() => acceptedOf(refused)).toThrow(expect.objectContaining({ code: 'BENCH_REFUSED' }))
  })
})
