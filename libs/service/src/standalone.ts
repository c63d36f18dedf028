/**
 * One service as a whole process, as in a container.
 *
 * Exit codes: 0 stopped in order, 1 could not start or stop, 2 the configuration is wrong. The second signal ends it at once.
 */
import { Retryable, toFailure, type Failure } from '@pitcrew/errors'
import type { RunningService, Service } from './define.ts'
import { describeEnv } from './describe.ts'
import { startService } from './start.ts'
import { within } from './within.ts'

/** Kubernetes kills after 30 s unless it was told otherwise. */
const drainMs = 25_000

export async function runStandalone(service: Service): Promise<void> {
  if (process.argv.includes('--help')) return printHelp(service)
  const stop = firstSignal()
  try {
    const starting = startService(service, { env: process.env })
    const told = stop.then(() =>
      within(drainMs, `starting ${service.name}, which has to come before its stop,`, () => starting),
    )
    const running = await Promise.race([starting, told])
    await stop
    await stopWithin(running)
  } catch (error) {
    const failure = toFailure(error)
    process.stderr.write(readable(failure))
    return process.exit(failure.code === 'BAD_CONFIG' ? 2 : 1)
  }
  process.exit(0)
}

/** A signal during the start waits for its end, within the same bound; the next one does not wait for anything. */
function firstSignal(): Promise<void> {
  const first = Promise.withResolvers<void>()
  let signals = 0
  const onSignal = () => {
    if (++signals > 1) process.exit(1)
    first.resolve()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  return first.promise
}

async function stopWithin(running: RunningService): Promise<void> {
  try {
    await within(drainMs, `stopping ${running.name}`, running.stop)
  } catch (cause) {
    throw new Retryable('DRAIN_TIMEOUT', `${running.name} did not stop within ${drainMs} ms and is ended`, { cause })
  }
}

function readable({ code, message, hint }: Failure): string {
  const lines = [`${code}: ${message.replaceAll('; ', '\n  ')}`]
  if (hint !== undefined) lines.push(`  -> ${hint}`)
  return `${lines.join('\n')}\n`
}

function printHelp(service: Service): void {
  const lines = describeEnv(service).map(({ key, description, required, default: fallback }) => {
    const note = required ? ' (required)' : fallback === undefined ? '' : ` (default ${fallback})`
    return `  ${key}\n      ${description}${note}`
  })
  process.stdout.write(`${service.name} is configured by environment variables:\n\n${lines.join('\n')}\n`)
}
