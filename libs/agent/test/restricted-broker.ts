import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureIdentities, findNatsServer, startBroker, type BrokerUser } from '@pitcrew/broker'
import { services, type ServiceName } from '@pitcrew/contracts'
import { connectMessaging, permissionsFor, provisionStreams, type Messaging } from '@pitcrew/messaging'
import { testTelemetry, type TestTelemetry } from '@pitcrew/testing'

export type Client = Messaging & { telemetry: TestTelemetry }

/** A broker that lets each service do what the pipeline says and no more, as a deployed one does. */
export async function restrictedBroker() {
  const home = mkdtempSync(join(tmpdir(), 'pitcrew-identities-'))
  const { path } = await findNatsServer({ cacheDir: join(import.meta.dirname, '../../../.pitcrew/bin') })
  const identities = await ensureIdentities(join(home, 'secrets'), [...services, 'provisioner'])
  const users: BrokerUser[] = services.map((service) => {
    const { publish, subscribe, allowResponses } = permissionsFor(service)
    const permissions = { publish: { allow: publish }, subscribe: { allow: subscribe }, allowResponses }
    return { nkey: identities[service].publicKey, permissions }
  })
  users.push({ nkey: identities.provisioner.publicKey })
  const server = await startBroker({ executable: path, storeDir: join(home, 'store'), syncAlways: false, users })
  const open: Client[] = []

  const connect = async (service: ServiceName, nkeySeed: string, instance = 'i1') => {
    const telemetry = testTelemetry(service)
    const messaging = await connectMessaging({ url: server.url, service, instance, telemetry, nkeySeed })
    open.push(messaging as Client)
    return messaging as Client
  }
  const operator = await connect('gateway', identities.provisioner.seed, 'operator')
  await provisionStreams(operator.connection, { replicas: 1, fileStorage: true })
  return {
    /** May do anything. */
    operator,
    as: (service: ServiceName, instance?: string) => connect(service, identities[service].seed, instance),
    async stop() {
      await Promise.all(open.map((messaging) => messaging.drain()))
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
