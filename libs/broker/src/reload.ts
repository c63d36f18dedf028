import { setTimeout as delay } from 'node:timers/promises'
import { Retryable } from '@pitcrew/errors'
import type { ServerProcess } from './child.ts'
import { configLoadedAt } from './monitor.ts'
import { logTail } from './start-failure.ts'

const RELOADED_WITHIN_MS = 5_000

/** Has the server read its configuration file again, and waits until it works by it. */
export async function reload(server: ServerProcess, monitorUrl: string, logFile: string): Promise<void> {
  const before = await configLoadedAt(monitorUrl)
  server.signal('SIGHUP')
  const deadline = Date.now() + RELOADED_WITHIN_MS
  while (Date.now() < deadline) {
    const now = await configLoadedAt(monitorUrl)
    if (now && now !== before) return
    await delay(15)
  }
  throw new Retryable('BROKER_NOT_RECONFIGURED', `nats-server did not take over its new users: ${logTail(logFile)}`, {
    hint: `read ${logFile}`,
  })
}
