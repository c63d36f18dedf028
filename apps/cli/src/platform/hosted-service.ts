/** A service of an all-in-one: beside the others in this process, or as a process of its own that can be killed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ServiceName } from '@pitcrew/contracts'
import { Retryable, Terminal } from '@pitcrew/errors'
import { createTelemetry } from '@pitcrew/observability'
import { envPrefix, startService } from '@pitcrew/service'
import { mainFile } from './checkout.ts'
import type { LogFile } from './log-file.ts'
import { loadService } from './service-catalogue.ts'

export type Env = Record<string, string | undefined>

export interface HostedService {
  /** Drains and ends it. */
  stop(): Promise<void>
  /** SIGKILL, as a crash would. Only a process of its own can be killed: Terminal NOT_SEPARATE. */
  kill(): Promise<void>
}

const started = new Map<ServiceName, number>()

/**
 * The platform has its broker to itself, so its services keep their names over a restart: what one held is free at once, and one
 * that was blocked stays blocked.
 */
function instanceOf(name: ServiceName): string {
  const count = (started.get(name) ?? 0) + 1
  started.set(name, count)
  return `local-${count}`
}

export async function startInProcess(name: ServiceName, env: Env, log: LogFile): Promise<HostedService> {
  const instance = instanceOf(name)
  const telemetry = createTelemetry({
    service: name,
    instance,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: (env.LOG_LEVEL ?? 'info') as 'info',
    write: log.write,
  })
  try {
    const running = await startService(await loadService(name), {
      env: { ...env, PITCREW_INSTANCE: instance },
      telemetry,
    })
    return {
      async stop() {
        await running.stop()
        await telemetry.shutdown()
      },
      async kill() {
        throw new Terminal('NOT_SEPARATE', `${name} runs in this process and cannot be killed alone`, {
          hint: `start the platform with separate: ['${name}']`,
        })
      },
    }
  } catch (error) {
    await telemetry.shutdown()
    throw error
  }
}

const readyWithinMs = 60_000

/** The same service as `./pitcrew run <name>`. PGlite is for one process, so here it has a folder of its own. */
export async function startSeparately(name: ServiceName, given: Env, dataDir: string): Promise<HostedService> {
  const ownDatabase = given.DATABASE_URL?.startsWith('pglite:')
    ? { DATABASE_URL: `pglite:${join(dataDir, `postgres-${name}`)}` }
    : {}
  const env: Env = { ...withoutSeedsOfOthers(name, given), ...ownDatabase }
  const log = openSync(join(dataDir, 'logs', `${name}.log`), 'a')
  // A group of its own: Ctrl-C must reach us alone. The channel tells it when we are gone.
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', mainFile, 'run', name], {
    env: env as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  child.channel?.unref()
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await exited
  }
  try {
    await ready(name, child, `http://127.0.0.1:${env[`${envPrefix(name)}_OPS_PORT`]}/readyz`)
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return { stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function withoutSeedsOfOthers(name: ServiceName, env: Env): Env {
  const own = `NATS_NKEY_SEED_${envPrefix(name)}`
  return Object.fromEntries(Object.entries(env).filter(([key]) => key === own || !key.startsWith('NATS_NKEY_SEED_')))
}

async function ready(name: ServiceName, child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  while (performance.now() < deadline) {
    if (child.exitCode !== null) {
      throw new Terminal('SERVICE_NOT_STARTED', `${name} ended with exit code ${child.exitCode}`, {
        hint: `read the log of ${name}`,
      })
    }
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await pause(50)
  }
  throw new Retryable('SERVICE_NOT_READY', `${name} was not ready within ${readyWithinMs / 1000} s`, {
    hint: `read the log of ${name}`,
  })
}
