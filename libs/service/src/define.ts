import type { RequestListener } from 'node:http'
import type { ServiceName } from '@pitcrew/contracts'
import type { Database, SchemaMigrations } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import type { Logger, Telemetry } from '@pitcrew/observability'
import type { ClientConstructor, RpcClient, RpcService } from '@pitcrew/rpc'
import type { z } from 'zod'

/**
 * What a service is given. It starts by using it and has started when `start` resolves.
 *
 * Stopping goes backwards: readiness turns false, what `onStop`, `rpc` and `http` registered ends in reverse order, then
 * messaging finishes the deliveries in hand, and only then are databases and clients closed.
 */
export interface ServiceContext<C> {
  readonly name: ServiceName
  readonly instance: string
  readonly config: C
  readonly telemetry: Telemetry
  readonly logger: Logger
  readonly messaging: Messaging
  /** The database of DATABASE_URL with this schema migrated; part of readiness. Throws Terminal BAD_CONFIG without a url. */
  database(schema: SchemaMigrations): Promise<Database>
  /** Something to end, called once, in reverse order. A step that takes longer than 10 s is left behind. */
  onStop(name: string, fn: () => Promise<void>): void
  /** Serves these on <SERVICE>_GRPC_PORT, with health and reflection. Once per service. */
  rpc(services: RpcService[]): Promise<void>
  /** Serves HTTP on <SERVICE>_HTTP_PORT; resolves with the port. Requests in flight finish on stop. Once per service. */
  http(listener: RequestListener): Promise<number>
  /** A client of another service, at its <SERVICE>_ADDR. */
  client<S extends object>(constructor: ClientConstructor<S>, service: ServiceName): RpcClient<S>
  /** Adds to /readyz: ready while the probe resolves within 2 s. */
  ready(name: string, probe: () => Promise<void>): void
}

/** A service as a value: the same one runs alone in a container or beside others in one process. */
export interface Service {
  readonly name: ServiceName
  /** Its own settings, an object over names of environment variables. */
  readonly config: z.ZodObject
  readonly start: (context: ServiceContext<unknown>) => Promise<void>
}

export interface RunningService {
  readonly name: ServiceName
  readonly ports: { http?: number; grpc?: number; ops: number }
  /** Drains and ends it; the second call waits for the first. Never rejects: what could not be ended in order is logged. */
  stop(): Promise<void>
}

interface Definition<S extends z.ZodObject> {
  name: ServiceName
  config: S
  start: (context: ServiceContext<z.infer<S>>) => Promise<void>
}

export function defineService<S extends z.ZodObject>({ name, config, start }: Definition<S>): Service {
  return { name, config, start: (context) => start(context as ServiceContext<z.infer<S>>) }
}
