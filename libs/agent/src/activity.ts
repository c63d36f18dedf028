/** Every task leaves a record of who did what, with which outcome: UEBA learns from it and the audit log keeps it. */
import { agent, events } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { backoffMs, pause, type Messaging } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import type { Outcome } from './execute.ts'

export interface ActivityOfTask {
  task: agent.Task
  actor: string
  service: string
  version: string
  outcome: Outcome
  durationMs: number
  traceId: string
  at: string
}

export function activityOf({
  task,
  actor,
  service,
  version,
  outcome,
  durationMs,
  traceId,
  at,
}: ActivityOfTask): agent.Activity {
  const failed = 'failure' in outcome
  return agent.Activity.fromPartial({
    activityId: `${task.taskId}:${task.attempt}`,
    at,
    actor,
    service,
    operation: task.capability,
    outcome: failed ? agent.ActivityOutcome.FAILURE : agent.ActivityOutcome.SUCCESS,
    code: failed ? outcome.failure.code : '',
    durationUs: Math.round(durationMs * 1_000),
    requestBytes: task.input.length,
    responseBytes: failed ? 0 : outcome.output.length,
    resource: task.workflowId,
    traceId,
    version,
  })
}

/** Resolves when it is stored, can never be, or we are stopped (the task is then done again, and recorded under the same id). */
export async function record(
  messaging: Messaging,
  activity: agent.Activity,
  logger: Logger,
  stopping: AbortSignal,
): Promise<void> {
  for (let attempt = 1; !stopping.aborted; attempt++) {
    try {
      await messaging.publish(events.activityRecorded, activity.service, activity, { id: activity.activityId })
      return
    } catch (thrown) {
      const failure = toFailure(thrown)
      if (failure.kind === 'terminal') return logger.error('activity cannot be recorded', { error: failure })
      logger.warn('activity is not recorded yet', { code: failure.code, attempt })
      await pause(backoffMs(attempt), stopping)
    }
  }
}
