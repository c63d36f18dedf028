import type { RequestListener } from 'node:http'
import type { ServiceName } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database, type SchemaMigrations } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import type { Telemetry } from '@pitcrew/observability'
import { connectRpc, serveRpc, type ClientConstructor, type RpcClient, type RpcService } from '@pitcrew/rpc'
import type { RunningService, ServiceContext } from './define.ts'
import { serveHttp } from './http.ts'
import { patiently } from './patience.ts'
import type { Readiness } from './readiness.ts'
import type { Settings } from './settings.ts'
import type { StopStack } from './stop-stack.ts'

export interface Parts {
  name: ServiceName
  settings: Settings
  config: unknown
  telemetry: Telemetry
  messaging: Messaging
  readiness: Readiness
  /** What takes work in, ended first. */
  intake: StopStack
  /** What work needs, ended when no more of it is in hand. */
  resources: StopStack
  ports: { -readonly [K in keyof RunningService['ports']]: RunningService['ports'][K] }
}

export function serviceContext(parts: Parts): ServiceContext<unknown> {
  const { name, settings, config, telemetry, messaging, readiness, intake, resources } = parts
  return {
    name,
    instance: settings.instance,
    config,
    telemetry,
    logger: telemetry.logger,
    messaging,
    onStop: intake.push,
    ready: readiness.add,
    database: databaseOf(parts),
    rpc: (services) => startRpc(parts, services),
    http: (listener) => startHttp(parts, listener),
    client<S extends object>(constructor: ClientConstructor<S>, service: ServiceName): RpcClient<S> {
      const client = connectRpc(constructor, settings.addressOf(service), { telemetry, tls: settings.tls })
      resources.push(`client of ${service}`, async () => client.close())
      return client
    },
  }
}

/** One database per service, however many schemas it keeps there. */
function databaseOf({ settings, readiness, resources }: Parts) {
  let opened: Promise<Database> | undefined
  const open = async () => {
    const url = settings.databaseUrl
    if (url === undefined) {
      throw new Terminal('BAD_CONFIG', 'DATABASE_URL: found nothing, expected the url of a database', {
        hint: 'for example postgres://user:password@host:5432/name or pglite:.pitcrew/database',
      })
    }
    const database = await patiently(settings.startWithinMs, () => openDatabase({ url }))
    resources.push('database', () => database.close())
    readiness.add('database', async () => void (await database.query('select 1')))
    return database
  }
  return async (schema: SchemaMigrations): Promise<Database> => {
    const database = await (opened ??= open())
    await migrate(database, schema)
    return database
  }
}

async function startRpc({ ports, settings, telemetry, intake }: Parts, services: RpcService[]): Promise<void> {
  if (ports.grpc !== undefined) throw onlyOnce('rpc')
  const { bind: host, grpcPort: port, tls } = settings
  const server = await serveRpc({ host, port, telemetry, services, tls })
  intake.push('gRPC', server.stop)
  ports.grpc = server.port
}

async function startHttp({ ports, settings, intake }: Parts, listener: RequestListener): Promise<number> {
  if (ports.http !== undefined) throw onlyOnce('http')
  const server = await serveHttp(settings.bind, settings.httpPort, listener)
  intake.push('HTTP', server.stop)
  ports.http = server.port
  return server.port
}

function onlyOnce(method: string): Terminal {
  return new Terminal('ALREADY_SERVING', `${method}() was called twice, expected once`, {
    hint: 'give everything in one call: a service has one port of each kind',
  })
}
