/** Orchestrators in processes of their own, on one broker. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Retryable } from '@pitcrew/errors'
import { forkWorker, type Worker } from '../worker.ts'
import type { OrchestratorAnswers, OrchestratorSetup } from './orchestrator-worker.ts'

export type Orchestrator = Worker<OrchestratorAnswers>

export const startOrchestrator = (setup: OrchestratorSetup, nodeArgs: readonly string[] = []): Promise<Orchestrator> =>
  forkWorker<OrchestratorAnswers>(join(import.meta.dirname, 'orchestrator-worker.ts'), {
    args: [JSON.stringify(setup)],
    nodeArgs,
  })

const spreadWithinMs = 60_000
const lookEveryMs = 50

/** Resolves when each partition is led, and none leads more than its share. */
export async function spread(orchestrators: readonly Orchestrator[], partitions: number): Promise<void> {
  const share = Math.ceil(partitions / orchestrators.length)
  const giveUpAt = performance.now() + spreadWithinMs
  for (;;) {
    const held = await Promise.all(orchestrators.map((one) => one.ask('held', undefined)))
    const led = new Set(held.flat())
    if (led.size === partitions && held.every((each) => each.length <= share)) return
    if (performance.now() > giveUpAt) throw notSpread(held)
    await pause(lookEveryMs)
  }
}

const notSpread = (held: readonly number[][]): Retryable =>
  new Retryable(
    'NO_LEADER',
    `the partitions are not spread within ${spreadWithinMs} ms: led are ${held.map((each) => `[${each.join(' ')}]`).join(', ')}`,
  )
