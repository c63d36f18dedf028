/** A nats-server as it is deployed: every service with its own identity, devices over MQTT admitted by ingest. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ensureIdentities,
  ensureIssuer,
  findNatsServer,
  startBroker,
  type Broker,
  type BrokerUser,
} from '@pitcrew/broker'
import { connectMessaging, permissionsFor, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { testTelemetry } from '@pitcrew/testing'

export interface DeviceBroker {
  broker(): Broker
  mqttUrl: string
  /** What ingest connects with and answers by. */
  env: Record<string, string>
  /** Somebody who may read everything. */
  reader(): Promise<Messaging>
  /** Ends it as a power cut would, and starts it again on the same ports. */
  crash(): Promise<void>
  stop(): Promise<void>
}

export async function deviceBroker(): Promise<DeviceBroker> {
  const home = mkdtempSync(join(tmpdir(), 'pitcrew-devices-'))
  const { path: executable } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  const identities = await ensureIdentities(join(home, 'secrets'), ['telematics-ingest', 'data-analysis'])
  const issuer = await ensureIssuer(join(home, 'secrets'))
  const ingest = identities['telematics-ingest']
  const { publish, subscribe, allowResponses } = permissionsFor('telematics-ingest')
  const users: BrokerUser[] = [
    {
      nkey: ingest.publicKey,
      inboxPrefix: '_INBOX_telematics-ingest',
      permissions: { publish: { allow: publish }, subscribe: { allow: subscribe }, allowResponses },
    },
    { nkey: identities['data-analysis'].publicKey },
  ]
  const start = (port: number, mqttPort: number) =>
    startBroker({
      executable,
      storeDir: join(home, 'store'),
      syncAlways: true,
      port,
      users,
      mqtt: { port: mqttPort, admission: { issuer: issuer.publicKey, answeredBy: [ingest.publicKey] } },
    })
  let broker = await start(0, 0)
  const reader = () =>
    connectMessaging({
      url: broker.url,
      service: 'data-analysis',
      instance: 'test',
      telemetry: testTelemetry('data-analysis'),
      nkeySeed: identities['data-analysis'].seed,
    })
  const setup = await reader()
  await provisionStreams(setup.connection, { replicas: 1, fileStorage: true })
  await setup.drain()
  return {
    broker: () => broker,
    mqttUrl: `mqtt://127.0.0.1:${broker.mqttPort}`,
    env: { NATS_URL: broker.url, NATS_NKEY_SEED: ingest.seed, DEVICE_ISSUER_SEED: issuer.seed },
    reader,
    async crash() {
      const { port, mqttPort } = broker
      broker.kill()
      await broker.exited
      broker = await start(port, mqttPort!)
    },
    async stop() {
      await broker.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
