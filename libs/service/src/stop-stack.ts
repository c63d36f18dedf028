/**
 * What has to be ended, in reverse order of its beginning.
 *
 * 1. Each step runs once, one after the other, whatever became of the one before.
 * 2. A step that fails or takes too long is told to the log and left behind.
 */
import type { Logger } from '@pitcrew/observability'
import { within } from './within.ts'

const stepMs = 10_000

export interface StopStack {
  push(name: string, fn: () => Promise<void>): void
  /** The steps of another one in the place of one step, each with its own limit. */
  pushAll(others: StopStack): void
  run(logger: Logger): Promise<void>
}

export function stopStack(): StopStack {
  const steps: ((logger: Logger) => Promise<void>)[] = []
  return {
    push: (name, fn) => void steps.push((logger) => end(name, fn, logger)),
    pushAll: (others) => void steps.push(others.run),
    async run(logger) {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step(logger)
    },
  }
}

async function end(name: string, fn: () => Promise<void>, logger: Logger): Promise<void> {
  try {
    await within(stepMs, name, fn)
  } catch (error) {
    logger.error('could not be stopped in order', { step: name, error })
  }
}
