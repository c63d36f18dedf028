import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Retryable } from '@pitcrew/errors'
import { duration } from '../print/duration.ts'
import { tick } from '../print/ticks.ts'
import { callerDir } from './checkout.ts'
import { lives, runningState } from './state-file.ts'

/** A platform drains for 15 s at most; then it ends by itself. */
const endsWithinMs = 20_000

export async function down({ data }: { data: string }): Promise<void> {
  const dataDir = resolve(callerDir(), data)
  const state = runningState(dataDir)
  if (state === undefined) return void process.stdout.write(`no platform runs on ${dataDir}\n`)
  const began = performance.now()
  process.kill(state.pid, 'SIGTERM')
  while (lives(state)) {
    if (performance.now() - began > endsWithinMs) {
      throw new Retryable('STILL_RUNNING', `process ${state.pid} has not ended within ${duration(endsWithinMs)}`, {
        hint: `look into ${dataDir}/logs, or end it with kill -9 ${state.pid}`,
      })
    }
    await pause(50)
  }
  process.stdout.write(`${tick('ok', 'stopped', { ms: performance.now() - began })}\n`)
}
