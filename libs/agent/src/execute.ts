/** Runs a handler for one task and says how it ended. Never rejects: failing is one of the outcomes. */
import type { agent } from '@pitcrew/contracts'
import { Retryable, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import type { SharedContext } from './context/index.ts'
import type { CutShort } from './cut-short.ts'
import type { Handler, TaskContext } from './handler.ts'

export type Outcome = { output: Uint8Array } | { failure: Failure }

export interface Execution {
  handler: Handler | undefined
  task: agent.Task
  /** Ended from outside when the agent must stop, or nobody waits for the result any more. */
  cutShort: CutShort
  logger: () => Logger
  progress: (percent: number, note?: string) => void
  shared: () => SharedContext
}

/**
 * A handler that has not ended by the deadline counts as failed then, Retryable DEADLINE_EXCEEDED, whether or not it heeds
 * its signal; what it does later is not reported.
 */
export async function execute(execution: Execution): Promise<Outcome> {
  const { handler, task, cutShort } = execution
  if (handler === undefined) {
    return {
      failure: new Terminal('UNKNOWN_CAPABILITY', `this agent does not offer ${task.capability}`, {
        hint: 'deploy a version that does',
      }),
    }
  }
  const now = Date.now()
  const asked = task.deadline === undefined ? Infinity : Date.parse(task.deadline)
  const deadlineMs = Math.min(now + handler.timeoutMs, asked)
  const late = () => {
    const by = new Date(deadlineMs).toISOString()
    cutShort.by(new Retryable('DEADLINE_EXCEEDED', `${task.capability} was not done by ${by}`))
  }
  if (deadlineMs <= now) late()
  if (cutShort.reason) return { failure: cutShort.reason }
  const timer = setTimeout(late, deadlineMs - now)
  try {
    return { output: await cutShort.race(handler.invoke(task.input, contextOf(execution, deadlineMs))) }
  } catch (thrown) {
    // A handler that noticed the abort says so in its own words; the reason is ours.
    return { failure: cutShort.reason ?? toFailure(thrown) }
  } finally {
    clearTimeout(timer)
  }
}

/** Most handlers need little of it, so what costs something is made when it is asked for. */
function contextOf({ task, cutShort, logger, progress, shared }: Execution, deadlineMs: number): TaskContext {
  const { taskId, workflowId, attempt } = task
  return {
    taskId,
    workflowId,
    attempt,
    progress,
    get deadline() {
      return new Date(deadlineMs).toISOString()
    },
    get signal() {
      return cutShort.signal
    },
    get logger() {
      return logger()
    },
    get context() {
      return shared()
    },
  }
}
