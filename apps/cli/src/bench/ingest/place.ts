/** What is measured: a broker and telematics-ingest, each a process of its own, as a platform runs them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startBroker, type Broker, type NatsServer } from '@pitcrew/broker'
import { connectMessaging, provisionStreams } from '@pitcrew/messaging'
import { mainFile } from '../../platform/checkout.ts'
import { freePorts } from '../../platform/ports.ts'
import { benchTelemetry } from '../pitcrew/telemetry.ts'
import { startProgram, type Program } from '../program.ts'
import { stopAll } from '../stop-all.ts'
import { until } from '../until.ts'

export interface Measured {
  broker: Broker
  ingest: Program
  httpUrl: string
  grpcAddress: string
  mqttUrl: string
  stop(): Promise<void>
}

export interface PlaceOptions {
  server: NatsServer
  folder: string
  /** An acknowledged message is on the disk, as in `./pitcrew up`; else the system writes it when it likes. */
  syncAlways: boolean
  /** Whether that ingest also writes history, which takes a share of its core. */
  history: boolean
  profileDir?: string | undefined
}

export async function startMeasured({
  server,
  folder,
  syncAlways,
  history,
  profileDir,
}: PlaceOptions): Promise<Measured> {
  mkdirSync(folder, { recursive: true })
  const running: { stop(): Promise<unknown> }[] = []
  try {
    const broker = await startBroker({
      executable: server.path,
      storeDir: join(folder, 'store'),
      syncAlways,
      mqtt: { port: 0 },
    })
    running.push(broker)
    await provision(broker.url)
    const [http, grpc, ops] = (await freePorts(3)) as [number, number, number]
    const profiling = profileDir === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileDir]
    const ingest = await startProgram(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', ...profiling, mainFile, 'run', 'telematics-ingest'],
      { env: environment(broker.url, { http, grpc, ops }, history) },
    )
    running.push(ingest)
    await until('telematics-ingest', ingest.said, () => ready(ops))
    return {
      broker,
      ingest,
      httpUrl: `http://127.0.0.1:${http}`,
      grpcAddress: `127.0.0.1:${grpc}`,
      mqttUrl: `mqtt://127.0.0.1:${broker.mqttPort}`,
      stop: () => stopAll(running),
    }
  } catch (error) {
    await stopAll(running)
    throw error
  }
}

const environment = (
  natsUrl: string,
  ports: { http: number; grpc: number; ops: number },
  history: boolean,
): Record<string, string> => ({
  NATS_URL: natsUrl,
  DATABASE_URL: 'pglite:memory',
  HISTORY: history ? 'on' : 'off',
  LOG_LEVEL: 'warn',
  TELEMATICS_INGEST_HTTP_PORT: String(ports.http),
  TELEMATICS_INGEST_GRPC_PORT: String(ports.grpc),
  TELEMATICS_INGEST_OPS_PORT: String(ports.ops),
})

async function ready(opsPort: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${opsPort}/readyz`)
  if (!answer.ok) throw new Error(`it is not ready: ${await answer.text()}`)
}

async function provision(url: string): Promise<void> {
  const messaging = await connectMessaging({
    url,
    service: 'provisioner',
    instance: 'bench',
    telemetry: benchTelemetry('provisioner'),
  })
  await provisionStreams(messaging.connection, { replicas: 1, fileStorage: true })
  await messaging.drain()
}
