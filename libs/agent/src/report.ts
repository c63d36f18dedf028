/**
 * Gets a result to the engine that waits for it.
 * 1. Resolves only when the engine has made it durable, will never take it, or we are stopped.
 * 2. An engine that is away or moving is waited for: the outcome is kept, the work is not done again.
 */
import { agent } from '@pitcrew/contracts'
import { fromWire, Retryable, toFailure, type Failure, type WireFailure } from '@pitcrew/errors'
import { backoffMs, pause, type Messaging } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import type { Outcome } from './execute.ts'

export type Reception = 'accepted' | 'not-wanted' | 'blocked' | 'stopped'

export interface Report {
  messaging: Messaging
  task: agent.Task
  actor: string
  outcome: Outcome
  logger: Logger
  stopping: AbortSignal
}

const template = 'workflow.inbox.{partition}'
/** An engine that died with our result in hand is given up soon; asking again is harmless. */
const answerWithinMs = 2_500

export async function report({ messaging, task, actor, outcome, logger, stopping }: Report): Promise<Reception> {
  const body = new TextEncoder().encode(
    JSON.stringify({ op: 'task-result', result: agent.TaskResult.toJSON(resultOf(task, actor, outcome)) }),
  )
  for (let attempt = 1; !stopping.aborted; attempt++) {
    const refusal = await ask(messaging, task.partition, body)
    if (refusal === undefined) return 'accepted'
    if (refusal.code === 'BLOCKED') return 'blocked'
    if (refusal.kind === 'terminal' && refusal.code !== 'FORBIDDEN') {
      logger.warn('the engine does not want this result', { code: refusal.code })
      return 'not-wanted'
    }
    logger.debug('the result is not taken yet', { code: refusal.code, attempts: attempt })
    await pause(
      Math.max(backoffMs(attempt, 50, 2_000), refusal.kind === 'retryable' ? (refusal.afterMs ?? 0) : 0),
      stopping,
    )
  }
  return 'stopped'
}

async function ask(messaging: Messaging, partition: number, body: Uint8Array): Promise<Failure | undefined> {
  try {
    const reply = await messaging.request(`workflow.inbox.${partition}`, body, { timeoutMs: answerWithinMs, template })
    const answer = JSON.parse(new TextDecoder().decode(reply)) as { ok: true } | { error: WireFailure }
    return 'error' in answer ? fromWire(answer.error) : undefined
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return new Retryable('BAD_REPLY', 'the engine’s answer is not JSON')
    return toFailure(thrown)
  }
}

function resultOf({ taskId, workflowId, attempt }: agent.Task, actor: string, outcome: Outcome): agent.TaskResult {
  const result = { taskId, workflowId, attempt, agent: actor }
  if ('output' in outcome) return agent.TaskResult.fromPartial({ ...result, output: Buffer.from(outcome.output) })
  const { kind, code, message, hint = '' } = outcome.failure
  const afterMs = outcome.failure.kind === 'retryable' ? (outcome.failure.afterMs ?? 0) : 0
  return agent.TaskResult.fromPartial({ ...result, failure: { kind, code, message, hint, afterMs } })
}
