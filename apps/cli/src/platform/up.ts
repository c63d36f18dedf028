import { resolve } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import type { UpOptions } from '../commands/up.ts'
import { bold } from '../print/colour.ts'
import { duration } from '../print/duration.ts'
import { tick } from '../print/ticks.ts'
import { callerDir } from './checkout.ts'
import { detach } from './detach.ts'
import { tellParent } from './parent.ts'
import { readPortChoice } from './ports.ts'
import { removeState, runningState, writeState } from './state-file.ts'
import { untilStopped } from './until-stopped.ts'
import type { PlatformOptions, Step } from './platform.ts'

const drainMs = 15_000

export async function up(options: UpOptions): Promise<void> {
  const dataDir = resolve(callerDir(), options.data)
  const vehicles = vehiclesOf(options.vehicles)
  const ports = readPortChoice(options.ports ?? process.env.PITCREW_PORTS)
  const running = runningState(dataDir)
  if (running !== undefined) {
    process.stdout.write(`a platform runs on ${dataDir} already, as process ${running.pid}:\n${urlList(running.urls)}`)
    return
  }
  if (options.detach) return detach(dataDir)

  const env = { ...process.env, SIMULATOR_VEHICLES: String(vehicles) }
  await host({ dataDir, ports, simulator: options.simulator, env })
}

async function host(options: PlatformOptions): Promise<void> {
  const { dataDir } = options
  const began = performance.now()
  const stop = untilStopped()
  const lost = Promise.withResolvers<never>()
  // Nobody waits for it before the platform is up.
  lost.promise.catch(() => {})
  const { startPlatform } = await import('./platform.ts')
  const platform = await startPlatform({ ...options, onStep: (step) => say(stepText(step)), onLost: lost.reject })
  writeState(dataDir, platform.urls)
  try {
    const after = duration(performance.now() - began)
    say(`\n${bold('Pitcrew runs')} after ${after}. Logs: ${dataDir}/logs\n${urlList(platform.urls)}`)
    process.stdout.write('Ctrl-C ends it.\n')
    tellParent({ ready: true })
    await Promise.race([stop.requested, lost.promise])
    say('stopping; Ctrl-C again ends it at once')
  } finally {
    removeState(dataDir)
    await stop.within(drainMs, platform.stop)
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
  tellParent({ text })
}

function stepText({ name, ms, words }: Step): string {
  return ms === undefined ? `    ${name}: ${words} ...` : tick('ok', name, { ms, words })
}

function urlList(urls: Record<string, string>): string {
  const names: Record<string, string> = {
    gateway: 'API',
    docs: 'API, to read',
    ingest: 'telemetry, HTTP',
    grpc: 'telemetry, gRPC',
    mqtt: 'telemetry, MQTT',
    simulator: 'simulator control',
  }
  return Object.entries(urls)
    .map(([name, url]) => `  ${(names[name] ?? name).padEnd(20)}${url}\n`)
    .join('')
}

function vehiclesOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 0 && count <= 10_000) return count
  throw new Terminal('BAD_USAGE', `--vehicles is "${text}": expected a whole number, 0 to 10000`, {
    hint: './pitcrew up --help',
  })
}
