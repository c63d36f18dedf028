/** Runs a handler for one task and says how it ended. Never rejects: failing is one of the outcomes. */
import type { agent } from '@pitcrew/contracts'
import { Cancelled, Retryable, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import type { SharedContext } from './context/index.ts'
import type { Handler } from './handler.ts'

export type Outcome = { output: Uint8Array } | { failure: Failure }

export interface Execution {
  handler: Handler | undefined
  task: agent.Task
  logger: Logger
  /** Aborts when the agent must stop. */
  stopping: AbortSignal
  /** Aborts when nobody waits for the result any more. */
  cancelled: AbortSignal
  progress: (percent: number, note?: string) => void
  shared: () => SharedContext
}

/**
 * A handler that has not ended by the deadline counts as failed then, Retryable DEADLINE_EXCEEDED, whether or not it heeds
 * its signal; what it does later is not reported.
 */
export async function execute({
  handler,
  task,
  logger,
  stopping,
  cancelled,
  progress,
  shared,
}: Execution): Promise<Outcome> {
  if (handler === undefined) {
    return {
      failure: new Terminal('UNKNOWN_CAPABILITY', `this agent does not offer ${task.capability}`, {
        hint: 'deploy a version that does',
      }),
    }
  }
  const deadlineMs = Math.min(
    Date.now() + handler.timeoutMs,
    task.deadline === undefined ? Infinity : Date.parse(task.deadline),
  )
  const aborter = new AbortController()
  const abort = (failure: Failure) => aborter.abort(failure)
  const onStop = () => abort(new Cancelled('AGENT_STOPPING', 'the agent stops; another will do the task'))
  const late = () =>
    abort(
      new Retryable('DEADLINE_EXCEEDED', `${task.capability} was not done by ${new Date(deadlineMs).toISOString()}`),
    )
  const timer = setTimeout(late, Math.max(0, deadlineMs - Date.now()))
  const onCancel = () => abort(new Cancelled('TASK_CANCELLED', 'the workflow does not wait for this task any more'))
  stopping.addEventListener('abort', onStop)
  cancelled.addEventListener('abort', onCancel)
  if (stopping.aborted) onStop()
  else if (deadlineMs <= Date.now()) late()
  const context = {
    taskId: task.taskId,
    workflowId: task.workflowId,
    attempt: task.attempt,
    deadline: new Date(deadlineMs).toISOString(),
    signal: aborter.signal,
    logger,
    progress,
    get context() {
      return shared()
    },
  }
  try {
    aborter.signal.throwIfAborted()
    return { output: await Promise.race([handler.invoke(task.input, context), aborted(aborter.signal)]) }
  } catch (thrown) {
    // A handler that noticed the abort says so in its own words; the reason is ours.
    return { failure: toFailure(aborter.signal.aborted ? aborter.signal.reason : thrown) }
  } finally {
    clearTimeout(timer)
    stopping.removeEventListener('abort', onStop)
    cancelled.removeEventListener('abort', onCancel)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason as Failure))
  return promise
}
