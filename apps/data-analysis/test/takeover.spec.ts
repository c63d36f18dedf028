import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { events, telemetryPartitions, type analysis } from '@pitcrew/contracts'
import type { Messaging } from '@pitcrew/messaging'
import type { SignalFrame } from '@pitcrew/signals'
import { connectMessaging } from '@pitcrew/messaging'
import { eventually, testTelemetry } from '@pitcrew/testing'
import { outbox } from '../src/adapters/outbox.ts'
import { stateStore } from '../src/adapters/state-store.ts'
import type { StateStore } from '../src/handlers/ports.ts'
import { relayOutbox } from '../src/handlers/relay-outbox.ts'
import { watchTelemetry, type TelemetryWatch } from '../src/handlers/watch-telemetry.ts'
import { nothingAround } from '../src/handlers/surroundings.ts'
import { analysisMetrics } from '../src/metrics.ts'
import { overheating, stateAfter } from './drives.ts'
import { collect, platform, type Platform, type Seen } from './platform.ts'

let all: Platform
let raised: Seen<analysis.Alert>[]
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  all = await platform()
  raised = await collect(all.orchestrator, events.alertRaised, 'seen-alerts')
}, 60_000)

afterAll(async () => {
  for (const stop of stops.reverse()) await stop()
  await all.stop()
}, 60_000)

interface Instance {
  messaging: Messaging
  watching: TelemetryWatch
  stop(): Promise<void>
}

/** The telemetry side of one instance, on a connection that a test can cut. `around` sees each write. */
async function instance(name: string, around: (store: StateStore) => StateStore = (store) => store): Promise<Instance> {
  const telemetry = testTelemetry('data-analysis')
  const messaging = await connectMessaging({
    url: all.broker.url,
    service: 'data-analysis',
    instance: name,
    telemetry,
  })
  let held = (): number[] => []
  const relay = relayOutbox({ outbox: outbox(all.sql), messaging, telemetry, partitions: () => held(), everyMs: 200 })
  const watching = await watchTelemetry({
    messaging,
    telemetry,
    instance: name,
    store: around(stateStore(all.sql, telemetry.logger)),
    surroundings: nothingAround,
    metrics: analysisMetrics(telemetry),
    batchFrames: 100,
    batchWaitMs: 20,
    vehiclesInMemory: 1_000,
    onAlerts: relay.wake,
    now: Date.now,
  })
  held = watching.held
  return {
    messaging,
    watching,
    async stop() {
      await watching.stop()
      await relay.stop()
      await messaging.drain()
    },
  }
}

const stateOf = async (vehicleId: string): Promise<unknown> => {
  const [row] = await all.sql.query<{ state: string }>(
    'select state from analysis.vehicle_state where vehicle_id = $1',
    [vehicleId],
  )
  return row && JSON.parse(row.state)
}
/** All frames analysed, and the state as one uninterrupted look at them would leave it. */
async function arrivesAt(vehicleId: string, frames: readonly SignalFrame[]): Promise<void> {
  const expected = stateAfter(vehicleId, frames)
  await eventually(async () => expect(await stateOf(vehicleId)).toMatchObject({ frames: frames.length }), {
    timeoutMs: 40_000,
  })
  expect(await stateOf(vehicleId)).toEqual(expected)
}

describe('instances', () => {
  test('N1 an instance that dies mid-stream is followed by one that continues exactly, and the alert is raised once', async () => {
    const frames = overheating(20)
    const vehicles = ['cut-0', 'cut-1', 'cut-2', 'cut-3']
    let writes = 0
    const dead: { first?: Instance } = {}
    dead.first = await instance('dies', (store) => ({
      ...store,
      async advance(advance) {
        await store.advance(advance)
        // Dies between the commit and the acknowledgement: what was stored will be delivered again.
        if (++writes === 40) await dead.first?.messaging.connection.close()
      },
    }))
    await Promise.all(vehicles.map((vehicleId, partition) => all.publish(partition, vehicleId, frames)))
    stops.push(dead.first.stop)
    await eventually(() => expect(dead.first!.messaging.connection.isClosed()).toBe(true), { timeoutMs: 20_000 })
    const next = await instance('takes-over')
    stops.push(next.stop)
    for (const vehicleId of vehicles) await arrivesAt(vehicleId, frames)
    await eventually(() => expect(raised.map(({ message }) => message.vehicleId).sort()).toEqual(vehicles))
    expect(await all.sql.query('select count(*) as alerts from analysis.alert')).toEqual([{ alerts: vehicles.length }])
    await eventually(async () => expect(await all.sql.query('select 1 from analysis.outbox')).toEqual([]))
    expect(raised).toHaveLength(vehicles.length)
  }, 120_000)

  test('N10 two instances split the partitions, and one that stops hands its share over in the middle of a drive', async () => {
    const frames = overheating(20).filter((_, index) => index % 3 === 0)
    const second = await instance('second')
    await eventually(() => expect(second.watching.held()).toHaveLength(telemetryPartitions / 2), { timeoutMs: 20_000 })
    const vehicles = Array.from({ length: telemetryPartitions }, (_, partition) => `shared-${partition}`)
    await Promise.all(vehicles.map((vehicleId, partition) => all.publish(partition, vehicleId, frames.slice(0, 400))))
    const rest = Promise.all(
      vehicles.map((vehicleId, partition) => all.publish(partition, vehicleId, frames.slice(400))),
    )
    await second.stop()
    await rest
    for (const vehicleId of vehicles) await arrivesAt(vehicleId, frames)
    const shared = () => raised.filter(({ message }) => message.vehicleId.startsWith('shared-'))
    await eventually(() => expect(shared()).toHaveLength(vehicles.length))
    expect(new Set(shared().map(({ id }) => id)).size).toBe(vehicles.length)
  }, 120_000)

  test('N1 a holder of an earlier epoch can neither write a state nor raise an alert', async () => {
    const store = stateStore(all.sql, testTelemetry().logger)
    const vehicle = (sequence: number) => ({
      state: stateAfter('fenced-1', overheating(1)),
      sequence,
      reportsCodes: true,
    })
    const write = (epoch: number, sequence: number) =>
      store.advance({ partition: 99, epoch, vehicles: [vehicle(sequence)], alerts: [], settled: [] })
    await store.claim(99, 1)
    await write(1, 10)
    await store.claim(99, 2)
    await expect(write(1, 20)).rejects.toMatchObject({ kind: 'cancelled', code: 'FENCED' })
    expect((await store.load(['fenced-1'])).get('fenced-1')?.sequence).toBe(10)
    await expect(store.claim(99, 1)).rejects.toMatchObject({ kind: 'retryable', code: 'STALE_EPOCH' })
    await write(2, 30)
    expect((await store.load(['fenced-1'])).get('fenced-1')).toEqual(vehicle(30))
  })
})
