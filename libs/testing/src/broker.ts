/** A nats-server of its own for each test that asks, with the platform's streams. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNatsServer, startBroker } from '@pitcrew/broker'
import type { ServiceName } from '@pitcrew/contracts'
import { connectMessaging, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { sayOnce } from './chosen.ts'
import { containersFor } from './docker.ts'
import { ownerLabel } from './orphans.ts'
import { testTelemetry } from './telemetry.ts'

export const natsImage = 'nats:2.14-alpine'

export interface TestBroker {
  readonly url: string
  stop(): Promise<void>
}

export async function testBroker(): Promise<TestBroker> {
  const broker = (await containersFor(natsImage)) ? await containerBroker() : await localBroker()
  try {
    await provision(broker)
    return broker
  } catch (error) {
    await broker.stop()
    throw error
  }
}

let connections = 0

/** A connection as that service would have it; the test drains it. */
export function testMessaging(broker: TestBroker, service: ServiceName): Promise<Messaging> {
  return connectMessaging({
    url: broker.url,
    service,
    instance: `test-${connections++}`,
    telemetry: testTelemetry(service),
  })
}

async function provision(broker: TestBroker): Promise<void> {
  const messaging = await testMessaging(broker, 'orchestrator')
  try {
    await provisionStreams(messaging.connection, { replicas: 1, fileStorage: true })
  } finally {
    await messaging.drain()
  }
}

async function containerBroker(): Promise<TestBroker> {
  sayOnce(`tests use ${natsImage} in a container`)
  const { GenericContainer, Wait } = await import('testcontainers')
  const container = await new GenericContainer(natsImage)
    .withCommand(['--jetstream', '--store_dir', '/tmp/jetstream'])
    .withExposedPorts(4222)
    .withLabels(ownerLabel)
    .withWaitStrategy(Wait.forLogMessage('Server is ready'))
    .start()
  return {
    url: `nats://${container.getHost()}:${container.getMappedPort(4222)}`,
    async stop() {
      await container.stop()
    },
  }
}

const cacheDir = join(import.meta.dirname, '../../../.pitcrew/bin')

async function localBroker(): Promise<TestBroker> {
  const server = await findNatsServer({ cacheDir })
  sayOnce(`tests use nats-server ${server.version} (${server.source})`)
  const home = mkdtempSync(join(tmpdir(), 'pitcrew-broker-'))
  const broker = await startBroker({ executable: server.path, storeDir: join(home, 'store'), syncAlways: false })
  return {
    url: broker.url,
    async stop() {
      await broker.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
