import type { RequestListener } from 'node:http'
import type { ServiceName } from '@pitcrew/contracts'
import type { Database, SchemaMigrations } from '@pitcrew/database'
import type { Messaging } from '@pitcrew/messaging'
import type { Logger, Telemetry } from '@pitcrew/observability'
import type { ClientConstructor, RpcClient, RpcService } from '@pitcrew/rpc'
import type { z } from 'zod'

export interface ServiceContext<C> {
  readonly name: ServiceName
  readonly instance: string
  readonly config: C
  readonly telemetry: Telemetry
  readonly logger: Logger
  readonly messaging: Messaging
  /** The service's own schema, migrated; closed on stop, probed by /readyz. */
  database(schema: SchemaMigrations): Promise<Database>
  /** Run in reverse order on drain. */
  onStop(name: string, fn: () => Promise<void>): void
  /** Serves on <SERVICE>_GRPC_PORT with health and reflection. */
  rpc(services: RpcService[]): Promise<void>
  /** Serves HTTP on <SERVICE>_HTTP_PORT of PITCREW_BIND; resolves with the port, requests in flight finish on stop. */
  http(listener: RequestListener): Promise<number>
  /** A client for another service, reached at its <SERVICE>_ADDR; closed on stop. */
  client<S>(constructor: ClientConstructor<S>, service: ServiceName): RpcClient<S>
  ready(name: string, probe: () => Promise<void>): void
}
export interface Service {
  readonly name: ServiceName
  readonly config: z.ZodObject
  readonly start: (context: ServiceContext<unknown>) => Promise<void>
}
export interface RunningService {
  readonly name: ServiceName
  readonly ports: { http?: number; grpc?: number; ops: number }
  stop(): Promise<void>
}
export type Env = Record<string, string | undefined>
export interface EnvKey {
  key: string
  description: string
  required: boolean
  default?: string
}
export declare function defineService<S extends z.ZodObject>(definition: {
  name: ServiceName
  config: S
  start: (context: ServiceContext<z.infer<S>>) => Promise<void>
}): Service
export declare function startService(
  service: Service,
  options: { env: Env; telemetry?: Telemetry },
): Promise<RunningService>
export declare function runStandalone(service: Service): Promise<void>
export declare function describeEnv(service: Service): EnvKey[]
