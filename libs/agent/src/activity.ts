/**
 * Every task leaves a record of who did what, with which outcome: UEBA learns from it and the audit log keeps it.
 * 1. `record` resolves when it is stored, can never be, or we are stopped (the task is then done again, under the same id).
 * 2. One message is under way; what is recorded meanwhile, and a moment before, goes together.
 */
import { createHash } from 'node:crypto'
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

export interface RecorderOptions {
  messaging: Messaging
  service: string
  logger: Logger
  stopping: AbortSignal
}

const mostTogether = 256
/** Nobody waits for the record but the acknowledgement, so a moment's worth of work can share one write. */
const gatherMs = 20

export class Recorder {
  readonly #options: RecorderOptions
  #waiting: { activity: agent.Activity; resolve: () => void }[] = []
  #gathering = false

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  record(activity: agent.Activity): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ activity, resolve })
      if (!this.#gathering) this.#gather()
    })
  }

  async #sendSome(): Promise<void> {
    const together = this.#waiting.splice(0, mostTogether)
    await this.#send(together.map(({ activity }) => activity))
    for (const { resolve } of together) resolve()
    if (this.#waiting.length > 0) this.#gather()
    else this.#gathering = false
  }

  #gather(): void {
    this.#gathering = true
    setTimeout(() => void this.#sendSome(), this.#waiting.length < mostTogether ? gatherMs : 0)
  }

  async #send(activities: agent.Activity[]): Promise<void> {
    const { messaging, service, logger, stopping } = this.#options
    const id = activities.map(({ activityId }) => activityId).join(' ')
    for (let attempt = 1; !stopping.aborted; attempt++) {
      try {
        await messaging.publish(events.activitiesRecorded, service, { activities }, { id: nameOf(id) })
        return
      } catch (thrown) {
        const failure = toFailure(thrown)
        if (failure.kind === 'terminal') return logger.error('activity cannot be recorded', { error: failure })
        logger.warn('activity is not recorded yet', { code: failure.code, attempt })
        await pause(backoffMs(attempt), stopping)
      }
    }
  }
}

/** Short enough for a header, and the same for the same activities. */
const nameOf = (ids: string): string => (ids.length <= 200 ? ids : createHash('sha256').update(ids).digest('base64url'))
