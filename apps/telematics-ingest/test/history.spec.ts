import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { events, telemetryPartitions, type telemetry } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { Retryable } from '@pitcrew/errors'
import { partitionOf, type Messaging } from '@pitcrew/messaging'
import {
  eventually,
  testBroker,
  testDatabase,
  testMessaging,
  type TestBroker,
  type TestDatabase,
} from '@pitcrew/testing'
import { testTelemetry } from '@pitcrew/testing'
import { historyStore } from '../src/adapters/history/history-store.ts'
import { encodeTable } from '../src/domain/history/chunk.ts'
import { ingestSchema } from '../src/adapters/migrations.ts'
import { dayMs, hourMs, minuteMs } from '../src/domain/history/level.ts'
import { keepHistory, type HistoryKeeping } from '../src/handlers/history/keep-history.ts'
import { historyMetrics } from '../src/handlers/history/metrics.ts'
import type { HistoryStore } from '../src/handlers/history/ports.ts'
import { signalHistory, type HistoryQuestion } from '../src/handlers/history/signal-history.ts'

const retention = { raw: 30 * dayMs, minute: 365 * dayMs, hour: 3_650 * dayMs }
/** Twenty past noon, some hours ago. */
const noon = Math.floor(Date.now() / dayMs) * dayMs - 12 * hourMs
const speed = 'Vehicle.Speed'
const voltage = 'Vehicle.LowVoltageBattery.CurrentVoltage'

let broker: TestBroker
let home: TestDatabase
let database: Database
let publisher: Messaging
let survivor: HistoryKeeping
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  ;[broker, home] = await Promise.all([testBroker(), testDatabase()])
  database = await openDatabase({ url: home.url })
  await migrate(database, ingestSchema)
  publisher = await testMessaging(broker, 'telematics-ingest')
})

afterAll(async () => {
  for (const close of closing.reverse()) await close()
  await publisher.drain()
  await database.close()
  await home.stop()
  await broker.stop()
})

const frame = (vehicleId: string, deviceTimeMs: number, values: Record<string, number>): telemetry.Frame => ({
  vehicleId,
  deviceTimeMs,
  receivedTimeMs: Date.now(),
  readings: Object.entries(values).map(([path, value]) => ({ path, value })),
  dtcs: [],
  hasDtcs: false,
  faults: [],
})

const publish = (frames: telemetry.Frame[]) =>
  publisher.publishMany(
    events.frameReceived,
    frames.map((message) => ({
      key: [String(partitionOf(message.vehicleId, telemetryPartitions)), message.vehicleId],
      message,
    })),
  )

async function keeper(
  store: HistoryStore = historyStore(database),
): Promise<HistoryKeeping & { messaging: Messaging }> {
  const messaging = await testMessaging(broker, 'telematics-ingest')
  const keeping = await keepHistory({
    messaging,
    instance: messaging.instance,
    store,
    metrics: historyMetrics(testTelemetry('telematics-ingest')),
    batchFrames: 40,
    batchWaitMs: 20,
    now: Date.now,
  })
  closing.push(async () => {
    await keeping.stop()
    if (!messaging.connection.isClosed()) await messaging.drain()
  })
  return { ...keeping, messaging }
}

const ask = (question: Partial<HistoryQuestion> & { vehicleId: string }) =>
  signalHistory(
    { store: historyStore(database), retention, now: Date.now },
    { paths: [], fromMs: noon, toMs: noon + hourMs, resolutionMs: 0, maxPoints: 0, ...question },
  )

/** Every reading of a vehicle, as time and value. */
async function readings(vehicleId: string, path = speed): Promise<[number, number, number][]> {
  const { series } = await ask({ vehicleId, resolutionMs: 1, toMs: noon + 4 * hourMs })
  const points = series.find((one) => one.path === path)?.points ?? []
  return points.map(([startMs, { last, count }]) => [startMs, last, count])
}

describe('the history of signals', () => {
  test('N1 L1 a writer that dies between commit and acknowledgement, or with frames in hand, loses and doubles nothing', async () => {
    const vehicles = Array.from({ length: 24 }, (_, i) => `kill-${i}`)
    const drive = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) =>
        vehicles.map((vehicleId, v) => frame(vehicleId, noon + 1_000 * (from + i), { [speed]: from + i + v / 4 })),
      ).flat()
    let answersLost = 0
    const forgetful: HistoryStore = {
      ...historyStore(database),
      async append(lease, move, segments) {
        await historyStore(database).append(lease, move, segments)
        if (answersLost++ % 3 === 0) throw new Retryable('DATABASE_UNAVAILABLE', 'the answer was lost', { afterMs: 1 })
      },
    }
    const first = await keeper(forgetful)
    await publish(drive(0, 60))
    await eventually(async () => expect((await readings('kill-3')).length).toBeGreaterThan(20))
    // As kill -9: no release, no acknowledgement of what is in hand.
    await first.messaging.connection.close()
    await publish(drive(60, 100))
    survivor = await keeper()
    for (const [v, vehicleId] of vehicles.entries()) {
      const sent = Array.from({ length: 100 }, (_, i) => [noon + 1_000 * i, i + v / 4, 1])
      await eventually(async () => expect(await readings(vehicleId)).toEqual(sent), { timeoutMs: 20_000 })
    }
    expect(answersLost).toBeGreaterThan(1)
  })

  test('N1 L1 an earlier holder cannot write or merge after another has claimed the partition', async () => {
    const store = historyStore(database)
    const before = { partition: 900, epoch: 1 }
    const from = { sequence: 0, vehicleId: '' }
    await store.claim(before)
    await store.append(before, { from, to: { sequence: 5, vehicleId: 'v' } }, [])
    await store.claim({ partition: 900, epoch: 2 })
    const late = store.append(
      before,
      { from: { sequence: 5, vehicleId: 'v' }, to: { sequence: 9, vehicleId: 'v' } },
      [],
    )
    await expect(late).rejects.toMatchObject({ code: 'FENCED' })
    const segment = { vehicleId: 'v', hour: 4, readings: 0, content: encodeTable({ timesMs: [], columns: new Map() }) }
    const [at, to] = [5, 6].map((sequence) => ({ sequence, vehicleId: 'v' }))
    await store.append({ partition: 900, epoch: 2 }, { from: at!, to: to! }, [segment])
    await expect(store.merge(before, { vehicleId: 'v', hour: 4 })).rejects.toMatchObject({ code: 'FENCED' })
    await expect(store.claim(before)).rejects.toMatchObject({ code: 'STALE_EPOCH' })
    expect(await store.position(900)).toEqual({ sequence: 6, vehicleId: 'v' })
    expect(await store.looseHours(900, 9, 9)).toEqual([{ vehicleId: 'v', hour: 4 }])
  })

  test('L1 minutes and hours answer as the readings do, before and after an hour is merged, and with late readings', async () => {
    const vehicleId = 'charted'
    const sent = Array.from({ length: 540 }, (_, i) => {
      const values = { [speed]: Math.round(50 + 30 * Math.sin(i / 9)), ...(i % 3 === 0 && { [voltage]: 12 + i / 300 }) }
      return frame(vehicleId, noon + 20_000 * i, values)
    })
    await publish(sent)
    const { series: both } = await eventually(async () => {
      const answer = await ask({ vehicleId, toMs: noon + 3 * hourMs, resolutionMs: minuteMs })
      expect(answer.series.map(({ points }) => points.length)).toEqual([180, 180])
      return answer
    })
    await eventually(async () => {
      await survivor.mergeEnded(0)
      expect(await store().looseHours(partitionOf(vehicleId, telemetryPartitions), 1e7, 9)).toEqual([])
    })
    const merged = await ask({ vehicleId, toMs: noon + 3 * hourMs, resolutionMs: minuteMs })
    expect(merged).toMatchObject({ level: 'minute', resolutionMs: minuteMs })
    expect(rounded(merged.series)).toEqual(rounded(both))
    const hours = await ask({ vehicleId, paths: [voltage], toMs: noon + 3 * hourMs, resolutionMs: hourMs })
    expect(hours.level).toBe('hour')
    expect(hours.series[0]!.points.map(([, { count, min, max }]) => [count, min, max])).toEqual([
      [60, 12, 12 + 177 / 300],
      [60, 12 + 180 / 300, 12 + 357 / 300],
      [60, 12 + 360 / 300, 12 + 537 / 300],
    ])
    // A late one: counted at once, in its hour alone.
    await publish([frame(vehicleId, noon + hourMs + 5, { [voltage]: 30 })])
    const counts = () =>
      ask({ vehicleId, paths: [voltage], toMs: noon + 3 * hourMs, resolutionMs: hourMs }).then(({ series }) =>
        series[0]!.points.map(([, { count, max }]) => [count, Math.floor(max)]),
      )
    await eventually(async () =>
      expect(await counts()).toEqual([
        [60, 12],
        [61, 30],
        [60, 13],
      ]),
    )
    await survivor.mergeEnded(0)
    expect(await counts()).toEqual([
      [60, 12],
      [61, 30],
      [60, 13],
    ])
  })

  test('L1 each level is dropped when its time is over, and the next coarser one still answers', async () => {
    const all = { vehicleId: 'charted', paths: [speed], fromMs: noon, toMs: noon + 3 * hourMs }
    await store().sweep({ raw: noon + 3 * hourMs, minute: noon + hourMs, hour: 0 })
    expect(await readings('charted')).toEqual([])
    const minutes = await ask({ ...all, resolutionMs: minuteMs })
    expect(minutes.series[0]!.points.map(([startMs]) => startMs)).toEqual(
      Array.from({ length: 120 }, (_, i) => noon + hourMs + i * minuteMs),
    )
    const hours = await ask({ ...all, resolutionMs: hourMs })
    expect(hours.series[0]!.points.map(([, { count }]) => count)).toEqual([180, 180, 180])
  })

  test('L1 a question that cannot be answered says why', async () => {
    await expect(ask({ vehicleId: '' })).rejects.toMatchObject({ code: 'MISSING_VEHICLE_ID' })
    await expect(ask({ vehicleId: 'v', paths: ['Vehicle.Mood'] })).rejects.toMatchObject({ code: 'UNKNOWN_SIGNAL' })
    await expect(ask({ vehicleId: 'v', toMs: noon })).rejects.toMatchObject({ code: 'BAD_RANGE' })
    expect(await ask({ vehicleId: 'never-seen', paths: [speed] })).toMatchObject({
      series: [{ path: speed, points: [] }],
    })
  })
})

const store = () => historyStore(database)

const rounded = (series: Awaited<ReturnType<typeof ask>>['series']) =>
  series.map(({ path, points }) => ({
    path,
    points: points.map(([startMs, { count, min, max, sum, last }]) => [
      startMs,
      count,
      min,
      max,
      last,
      (sum / count).toFixed(3),
    ]),
  }))
