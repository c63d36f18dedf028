/** A real broker and a real database, and the service on them as its neighbours see it. */
import { analysis, events, type EventType } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import { connectRpc, type RpcClient } from '@pitcrew/rpc'
import { startService, type RunningService } from '@pitcrew/service'
import type { SignalFrame } from '@pitcrew/signals'
import {
  testBroker,
  testDatabase,
  testMessaging,
  testTelemetry,
  type TestBroker,
  type TestDatabase,
  type TestTelemetry,
} from '@pitcrew/testing'
import { analysisSchema } from '../src/adapters/schema.ts'
import { dataAnalysisService } from '../src/index.ts'
import { frameMessage } from './drives.ts'

export interface Platform {
  broker: TestBroker
  database: TestDatabase
  sql: Database
  ingest: Messaging
  orchestrator: Messaging
  scheduling: Messaging
  publish(partition: number, vehicleId: string, frames: readonly SignalFrame[]): Promise<void>
  stop(): Promise<void>
}

export async function platform(): Promise<Platform> {
  const [broker, database] = await Promise.all([testBroker(), testDatabase()])
  const sql = await openDatabase({ url: database.url })
  await migrate(sql, analysisSchema)
  const [ingest, orchestrator, scheduling] = await Promise.all([
    testMessaging(broker, 'telematics-ingest'),
    testMessaging(broker, 'orchestrator'),
    testMessaging(broker, 'scheduling'),
  ])
  return {
    broker,
    database,
    sql,
    ingest,
    orchestrator,
    scheduling,
    async publish(partition, vehicleId, frames) {
      await ingest.publishMany(
        events.frameReceived,
        frames.map((frame) => ({
          key: [String(partition), vehicleId],
          message: frameMessage(vehicleId, frame),
          id: `${vehicleId}-${frame.timeMs}`,
        })),
      )
    },
    async stop() {
      await Promise.all([ingest.drain(), orchestrator.drain(), scheduling.drain()])
      await sql.close()
      await database.stop()
      await broker.stop()
    },
  }
}

export interface Analysis {
  service: RunningService
  telemetry: TestTelemetry
  rpc: RpcClient<typeof analysis.AnalysisServiceService>
  stop(): Promise<void>
}

export async function startAnalysis(
  { broker, database }: Platform,
  env: Record<string, string> = {},
): Promise<Analysis> {
  const telemetry = testTelemetry('data-analysis')
  const service = await startService(dataAnalysisService, {
    env: {
      NATS_URL: broker.url,
      DATABASE_URL: database.url,
      DATA_ANALYSIS_GRPC_PORT: '0',
      DATA_ANALYSIS_OPS_PORT: '0',
      ...env,
    },
    telemetry,
  })
  const rpc = connectRpc(analysis.AnalysisServiceClient, `127.0.0.1:${service.ports.grpc}`, { telemetry })
  return {
    service,
    telemetry,
    rpc,
    async stop() {
      rpc.close()
      await service.stop()
    },
  }
}

export interface Seen<T> {
  id: string
  message: T
  traceparent: string | undefined
}

/** Everything that the stream holds and gets of an event, in order. */
export async function collect<T>(reader: Messaging, event: EventType<T>, durable: string): Promise<Seen<T>[]> {
  const seen: Seen<T>[] = []
  await reader.consume<T>(event, { durable, concurrency: 1 }, async ({ id, message, headers }) => {
    seen.push({ id, message, traceparent: headers.get('traceparent') })
  })
  return seen
}
