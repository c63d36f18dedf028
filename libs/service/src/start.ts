/**
 * A service's life: settings, telemetry, the ops port, the broker, then its own `start`; and back again.
 *
 * 1. It is ready only between a `start` that resolved and the call of `stop`.
 * 2. Whatever fails on the way up, everything that had been started is ended in reverse before the failure is thrown.
 */
import { Cancelled, Retryable, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import { connectMessaging, type Messaging } from '@pitcrew/messaging'
import { createTelemetry, type Telemetry } from '@pitcrew/observability'
import { serviceContext, type Parts } from './context.ts'
import type { RunningService, Service } from './define.ts'
import { serveHttp } from './http.ts'
import { opsListener } from './ops.ts'
import { parseConfig, type Env } from './parse-config.ts'
import { readiness } from './readiness.ts'
import { readSettings, type Settings } from './settings.ts'
import { stopStack } from './stop-stack.ts'

export interface StartOptions {
  env: Env
  /** Default: one of its own, shut down with the service. One that is given stays open. */
  telemetry?: Telemetry
}

export async function startService(service: Service, { env, telemetry: given }: StartOptions): Promise<RunningService> {
  const { name } = service
  try {
    const settings = readSettings(name, env)
    const config = parseConfig(service.config, env)
    const telemetry = given ?? ownTelemetry(name, settings)
    return await run(service, settings, config, telemetry, given === undefined)
  } catch (error) {
    throw named(name, toFailure(error))
  }
}

async function run(
  service: Service,
  settings: Settings,
  config: unknown,
  telemetry: Telemetry,
  ownsTelemetry: boolean,
): Promise<RunningService> {
  const { logger } = telemetry
  const base = stopStack()
  const life = lifeOf(service.name)
  if (ownsTelemetry) base.push('telemetry', telemetry.shutdown)
  try {
    const ready = readiness()
    ready.add('service', life.probe)
    const ops = await serveHttp(settings.bind, settings.opsPort, opsListener(telemetry, ready))
    base.push('ops', ops.stop)
    const resources = stopStack()
    base.pushAll(resources)
    const messaging = await connect(service, settings, telemetry)
    base.push('messaging', messaging.drain)
    ready.add('broker', () => probeBroker(messaging))
    const intake = stopStack()
    base.pushAll(intake)

    const { name } = service
    const parts: Parts = {
      name,
      settings,
      config,
      telemetry,
      messaging,
      readiness: ready,
      intake,
      resources,
      ports: { ops: ops.port },
    }
    await service.start(serviceContext(parts))
    life.started()
    logger.info('started', { ports: parts.ports })
    return { name, ports: parts.ports, stop: stopOnce(life, () => base.run(logger), telemetry) }
  } catch (error) {
    await base.run(logger)
    throw error
  }
}

function stopOnce(life: Life, run: () => Promise<void>, { logger }: Telemetry): () => Promise<void> {
  let stopping: Promise<void> | undefined
  return () => {
    if (stopping === undefined) {
      life.stopping()
      logger.info('stopping')
      stopping = run()
    }
    return stopping
  }
}

type Life = ReturnType<typeof lifeOf>

function lifeOf(name: string) {
  let state: 'STARTING' | 'STARTED' | 'STOPPING' = 'STARTING'
  return {
    started: () => void (state = 'STARTED'),
    stopping: () => void (state = 'STOPPING'),
    probe: async () => {
      if (state !== 'STARTED') throw new Retryable(state, `${name} is ${state.toLowerCase()}`)
    },
  }
}

function ownTelemetry(service: string, { instance, otlpEndpoint, logLevel }: Settings): Telemetry {
  return createTelemetry({ service, instance, otlpEndpoint, logLevel })
}

function connect({ name: service }: Service, settings: Settings, telemetry: Telemetry): Promise<Messaging> {
  const { natsUrl: url, instance, nkeySeed, startWithinMs } = settings
  return connectMessaging({ url, service, instance, telemetry, nkeySeed, connectWithinMs: startWithinMs })
}

async function probeBroker({ connection }: Messaging): Promise<void> {
  if (connection.isClosed()) throw new Retryable('BROKER_UNAVAILABLE', 'the connection to the broker is closed')
  await connection.rtt()
}

/** The same failure, saying whose it is: several services may start in one process. */
function named(service: string, failure: Failure): Failure {
  const { code, hint, details, kind } = failure
  const message = `${service}: ${failure.message}`
  const options = { hint, details: { ...details, service }, cause: failure.cause ?? failure }
  switch (kind) {
    case 'terminal':
      return new Terminal(code, message, options)
    case 'retryable':
      return new Retryable(code, message, { ...options, afterMs: failure.afterMs })
    case 'cancelled':
      return new Cancelled(code, message, options)
  }
}
