import { describe, expect, test } from '@jest/globals'
import { events, type telemetry } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'
import { createTelemetry, extractTrace } from '@pitcrew/observability'
import type { SignalFrame } from '@pitcrew/signals'
import { createVehicleState, watch } from '../domain/index.ts'
import { generatedDrive } from '../domain/measurement/generated-drive.ts'
import type { Tally } from '../metrics.ts'
import { AnalyseFrames } from './analyse-frames.ts'
import { MemoryStore } from './memory-store.ts'
import { nothingAround } from './surroundings.ts'

const coolant = 'Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature'

/** Its coolant rises from minute 12 by 2.5 degrees a minute. */
const drive: SignalFrame[] = generatedDrive(0, 20).map((frame, index) => {
  const late = index / 120 - 12
  return late < 0 ? frame : { ...frame, values: { ...frame.values, [coolant]: frame.values[coolant]! + late * 2.5 } }
})

const traceId = '0af7651916cd43dd8448eb211c80319c'
const headers = { get: (name: string) => (name === 'traceparent' ? `00-${traceId}-b7ad6b7169203331-01` : undefined) }

function deliveries(vehicleId: string, frames: readonly SignalFrame[], first = 1): Delivery<telemetry.Frame>[] {
  return frames.map(({ timeMs, values, dtcs }, index) => ({
    message: {
      vehicleId,
      deviceTimeMs: timeMs,
      receivedTimeMs: timeMs,
      readings: Object.entries(values).map(([path, value]) => ({ path, value })),
      dtcs: dtcs ?? [],
      hasDtcs: dtcs !== undefined,
      faults: [],
    },
    type: events.frameReceived,
    key: `3.${vehicleId}`,
    id: `${vehicleId}-${index}`,
    sequence: first + index,
    deliveries: 1,
    time: '',
    headers: { ...headers, keys: () => ['traceparent'] },
    context: extractTrace(headers),
  }))
}

async function holder(store = new MemoryStore(), newest?: number, mostVehicles = 100) {
  const tallies: Tally[] = []
  await store.claim(3, 1)
  const frames = new AnalyseFrames({
    partition: 3,
    epoch: 1,
    store,
    surroundings: nothingAround,
    telemetry: createTelemetry({ service: 'data-analysis', instance: 'test', write: () => {} }),
    metrics: { batch: (tally) => void tallies.push(tally), alert: () => {} },
    mostVehicles,
    newestSequence: async () => newest,
    onAlerts: () => {},
    now: () => 0,
  })
  return { frames, store, tallies }
}

function stateAfter(vehicleId: string, frames: readonly SignalFrame[]): unknown {
  const state = createVehicleState(vehicleId)
  for (const frame of frames) watch(state, frame)
  return JSON.parse(JSON.stringify(state))
}

const inBatches = (all: Delivery<telemetry.Frame>[], size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))

describe('frames of a partition', () => {
  test('N1 batches of any size leave the same state, the alert once, in the trace of its frame', async () => {
    for (const size of [333, 5_000]) {
      const { frames, store } = await holder()
      for (const batch of inBatches(deliveries('v1', drive), size)) await frames.handle(batch)
      expect(store.read('v1').state).toEqual(stateAfter('v1', drive))
      expect(store.read('v1').sequence).toBe(drive.length)
      expect(store.alerts).toMatchObject([{ kind: 'raised', alert: { vehicleId: 'v1', revision: 1 } }])
      const [told] = store.alerts
      expect(told).toMatchObject({ trace: { traceparent: expect.stringContaining(traceId) } })
      expect(told).toMatchObject({ snapshot: { system: 'COOLING', reportsCodes: true, codes: [] } })
    }
  })

  test('N1 one write for a batch, however many frames of a vehicle it holds', async () => {
    const { frames, store } = await holder()
    await frames.handle([...deliveries('v1', drive.slice(0, 500)), ...deliveries('v2', drive.slice(0, 500), 501)])
    expect(store.writes).toBe(1)
  })

  test('N1 frames delivered again change nothing and cost no write', async () => {
    const { frames, store, tallies } = await holder()
    const batch = deliveries('v1', drive)
    await frames.handle(batch)
    const { frames: next, tallies: after } = await holder(store, drive.length)
    await next.handle(batch)
    await next.handle(batch.slice(100))
    expect(store.read('v1').state).toEqual(stateAfter('v1', drive))
    expect(store.writes).toBe(1)
    expect(store.alerts).toHaveLength(1)
    expect(tallies).toMatchObject([{ analysed: drive.length, repeated: 0 }])
    expect(after).toMatchObject([{ analysed: 0, repeated: drive.length }, { repeated: drive.length - 100 }])
  })

  test('N1 a batch that could not be stored is analysed again from what was', async () => {
    const { frames, store } = await holder()
    const [first, ...rest] = inBatches(deliveries('v1', drive), 1_000)
    await frames.handle(first!)
    store.failure = new Retryable('DATABASE_UNAVAILABLE', 'away')
    for (const batch of rest) await expect(frames.handle(batch)).rejects.toBe(store.failure)
    store.failure = undefined
    for (const batch of rest) await frames.handle(batch)
    expect(store.read('v1').state).toEqual(stateAfter('v1', drive))
    expect(store.alerts).toHaveLength(1)
  })

  test('N1 who holds an earlier epoch stores nothing', async () => {
    const { frames, store } = await holder()
    await store.claim(3, 2)
    await expect(frames.handle(deliveries('v1', drive))).rejects.toMatchObject({ code: 'FENCED' })
    expect(store.vehicles.size + store.alerts.length).toBe(0)
  })

  test('N1 a stream that counts from 1 again, because its broker lost everything, is not taken for old news', async () => {
    const { frames, store } = await holder()
    await frames.handle(deliveries('v1', drive.slice(0, 100), 5_001))
    const { frames: next } = await holder(store, 50)
    await next.handle(deliveries('v1', drive.slice(100, 150)))
    expect(store.read('v1')).toMatchObject({ sequence: 50, state: { frames: 150 } })
  })

  test('N1 late frames are counted in the state and not analysed', async () => {
    const { frames, store, tallies } = await holder()
    await frames.handle(deliveries('v1', drive.slice(0, 100)))
    await frames.handle(deliveries('v1', drive.slice(50, 60), 101))
    expect(store.read('v1').state).toMatchObject({ frames: 100, lateFrames: 10 })
    expect(tallies[1]).toMatchObject({ analysed: 0, late: 10 })
  })

  test('N1 more vehicles than fit in memory are read when they send', async () => {
    const { frames, store } = await holder(new MemoryStore(), undefined, 1)
    for (const [n, batch] of inBatches(deliveries('v1', drive), 600).entries()) {
      await frames.handle(batch)
      await frames.handle(deliveries('v2', drive.slice(n * 600, (n + 1) * 600), n * 600 + 1))
    }
    for (const vehicleId of ['v1', 'v2']) expect(store.read(vehicleId).state).toEqual(stateAfter(vehicleId, drive))
  })
})

describe('cases that ended', () => {
  const settle = (repaired: boolean, alertId: string) => ({
    position: 1,
    vehicleId: 'v1',
    system: 'COOLING' as const,
    alertId,
    repaired,
    component: null,
    repairedAtMs: null,
  })
  const alertOf = (store: MemoryStore) => {
    const [told] = store.alerts
    return told?.kind === 'raised' ? told.alert.alertId : ''
  }

  test('L7 a repaired system is forgotten with the next batch, once', async () => {
    const { frames, store } = await holder()
    await frames.handle(deliveries('v1', drive))
    store.pending = [settle(true, alertOf(store))]
    await frames.handle(deliveries('v2', drive.slice(0, 2)))
    expect(store.pending).toEqual([])
    expect(store.read('v1').state.alerts).toEqual({})
    expect(store.read('v1').state.monitors['coolant-hot']).toBeUndefined()
  })

  test('L4 an alert whose case ended without a repair is settled, its levels stay learned', async () => {
    const { frames, store } = await holder()
    await frames.handle(deliveries('v1', drive))
    store.pending = [settle(false, 'another-alert')]
    await frames.handle(deliveries('v2', drive.slice(0, 2)))
    expect(store.read('v1').state.alerts.COOLING).toMatchObject({ status: 'open' })
    store.pending = [settle(false, alertOf(store))]
    await frames.handle(deliveries('v2', drive.slice(2, 4), 3))
    expect(store.read('v1').state.alerts.COOLING).toMatchObject({ status: 'settled', urgency: 'CRITICAL' })
    expect(store.read('v1').state.monitors['coolant-hot']).toBeDefined()
  })
})
