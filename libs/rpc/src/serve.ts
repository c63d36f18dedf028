/**
 * One gRPC server: the services given, health and reflection.
 *
 * 1. A call that was accepted is answered, also while stopping, unless it takes longer than the bound.
 * 2. Health turns NOT_SERVING before anything else stops, so that load balancers look elsewhere.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { Retryable, Terminal } from '@pitcrew/errors'
import type { Telemetry } from '@pitcrew/observability'
import { HealthImplementation } from 'grpc-health-check'
import { serverOptions } from './channel.ts'
import { observer } from './observe.ts'
import { addReflection } from './reflection.ts'
import { partsOf, type RpcService, type Tls } from './service.ts'

export interface ServeOptions {
  host: string
  /** 0 takes any free one. */
  port: number
  telemetry: Telemetry
  services: RpcService[]
  tls?: Tls
  /** How long calls in flight may take to finish on stop; default 10 s. */
  drainMs?: number
}

export interface RpcServer {
  readonly port: number
  stop(): Promise<void>
}

export async function serveRpc({
  host,
  port,
  telemetry,
  services,
  tls,
  drainMs = 10_000,
}: ServeOptions): Promise<RpcServer> {
  const server = new Server(serverOptions)
  const draining = new AbortController()
  const observed = observer(telemetry, draining.signal)
  for (const { definition, implementation } of services) {
    const handlers = Object.entries(definition).map(([name, method]) => [
      name,
      observed.wrap(method, handlerOf(implementation, name)),
    ])
    server.addService(definition, Object.fromEntries(handlers))
  }
  const names = services.map(({ definition }) => partsOf(Object.values(definition)[0]?.path ?? '').service)
  const health = new HealthImplementation(Object.fromEntries(['', ...names].map((name) => [name, 'SERVING'])))
  health.addToServer(server)
  addReflection(server, names)

  const bound = await bind(server, host, port, tls)
  return {
    port: bound,
    async stop() {
      for (const name of ['', ...names]) health.setStatus(name, 'NOT_SERVING')
      draining.abort()
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()))
      await Promise.race([observed.idle(), pause(drainMs, undefined, { ref: false })])
      // What is left are watchers of our health, and answers on their way to a client that does not read.
      await Promise.race([closed, pause(500, undefined, { ref: false })])
      server.forceShutdown()
    },
  }
}

function handlerOf(implementation: RpcService['implementation'], name: string) {
  const handler = implementation[name]
  if (handler !== undefined) return handler
  throw new Terminal('NOT_IMPLEMENTED', `found no handler for '${name}', expected one for each method of the service`)
}

function bind(server: Server, host: string, port: number, tls: Tls | undefined): Promise<number> {
  const credentials =
    tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(tls.ca, [{ cert_chain: tls.cert, private_key: tls.key }], true)
  return new Promise((resolve, reject) =>
    server.bindAsync(`${host}:${port}`, credentials, (error, bound) => {
      if (!error) return resolve(bound)
      const hint = 'is another instance running? give this one another port'
      reject(
        new Retryable('PORT_TAKEN', `gRPC cannot listen on ${host}:${port}: ${error.message}`, { hint, cause: error }),
      )
    }),
  )
}
