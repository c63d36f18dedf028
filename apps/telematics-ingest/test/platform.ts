/** A real broker and a real database with the service on them, as its neighbours see it. */
import { createServer, type AddressInfo } from 'node:net'
import { device, events, history, quarantine, telemetry, type vehicle, type EventType } from '@pitcrew/contracts'
import { openDatabase, type Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import { connectRpc, type RpcClient } from '@pitcrew/rpc'
import { startService, type RunningService } from '@pitcrew/service'
import {
  testBroker,
  testDatabase,
  testMessaging,
  testTelemetry,
  type TestBroker,
  type TestDatabase,
} from '@pitcrew/testing'
import { telematicsIngestService } from '../src/index.ts'

export interface Platform {
  broker: TestBroker
  database: TestDatabase
  /** A reader of the streams. */
  reader: Messaging
  sql: Database
  start(env?: Record<string, string>): Promise<Ingest>
  stop(): Promise<void>
}

export interface Ingest {
  service: RunningService
  http: string
  rpc: RpcClient<typeof telemetry.TelemetryServiceService>
  quarantine: RpcClient<typeof quarantine.QuarantineServiceService>
  history: RpcClient<typeof history.HistoryServiceService>
  devices: RpcClient<typeof device.DeviceServiceService>
  stop(): Promise<void>
}

export async function platform(): Promise<Platform> {
  const [broker, database] = await Promise.all([testBroker(), testDatabase()])
  const reader = await testMessaging(broker, 'data-analysis')
  const sql = await openDatabase({ url: database.url })
  const running = new Set<Ingest>()
  return {
    broker,
    database,
    reader,
    sql,
    async start(env = {}) {
      const ingest = await startIngest({ NATS_URL: broker.url, DATABASE_URL: database.url, ...env })
      running.add(ingest)
      return { ...ingest, stop: () => (running.delete(ingest), ingest.stop()) }
    },
    async stop() {
      for (const ingest of running) await ingest.stop()
      await reader.drain()
      await sql.close()
      await database.stop()
      await broker.stop()
    },
  }
}

export async function startIngest(env: Record<string, string>): Promise<Ingest> {
  const observed = testTelemetry('telematics-ingest')
  const free = { TELEMATICS_INGEST_GRPC_PORT: '0', TELEMATICS_INGEST_HTTP_PORT: '0', TELEMATICS_INGEST_OPS_PORT: '0' }
  const service = await startService(telematicsIngestService, { env: { ...free, ...env }, telemetry: observed })
  const address = `127.0.0.1:${service.ports.grpc}`
  const clients = {
    rpc: connectRpc(telemetry.TelemetryServiceClient, address, { telemetry: observed }),
    quarantine: connectRpc(quarantine.QuarantineServiceClient, address, { telemetry: observed }),
    history: connectRpc(history.HistoryServiceClient, address, { telemetry: observed }),
    devices: connectRpc(device.DeviceServiceClient, address, { telemetry: observed }),
  }
  return {
    service,
    ...clients,
    http: `http://127.0.0.1:${service.ports.http}`,
    async stop() {
      for (const client of Object.values(clients)) client.close()
      await service.stop()
    },
  }
}

export interface Seen<T> {
  key: string
  id: string
  message: T
}

/** Everything that the stream holds and gets of an event, in order. */
export async function collect<T>(reader: Messaging, event: EventType<T>, durable: string): Promise<Seen<T>[]> {
  const seen: Seen<T>[] = []
  await reader.consume<T>(
    event,
    { durable, concurrency: 1 },
    async ({ key, id, message }) => void seen.push({ key, id, message }),
  )
  return seen
}

export const collectFrames = (reader: Messaging, durable: string) =>
  collect<telemetry.Frame>(reader, events.frameReceived, durable)

export const collectVehicles = (reader: Messaging, durable: string) =>
  collect<vehicle.Vehicle>(reader, events.vehicleRegistered, durable)

export function rawFrame(vehicleId: string, deviceTimeMs: number, speed = 50): telemetry.RawFrame {
  return {
    ...telemetry.RawFrame.create(),
    vehicleId,
    deviceTimeMs,
    readings: [{ name: 'Vehicle.Speed', value: speed, unit: 'km/h' }],
    dtcs: [],
    hasDtcs: false,
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
