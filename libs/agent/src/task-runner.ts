/**
 * Takes one task from delivery to acknowledgement.
 * 1. A task is acknowledged only after the engine has taken its outcome (or never will) and its activity is recorded.
 * 2. A task whose outcome is known here is not executed again when it is delivered again.
 * 3. What cannot be read goes to the dead letter: there is nobody to tell.
 */
import { agent } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Messaging, Work } from '@pitcrew/messaging'
import { attributes, inSpan, markFailed, SpanKind, type Telemetry } from '@pitcrew/observability'
import { activityOf, record } from './activity.ts'
import { execute, type Outcome } from './execute.ts'
import type { Handler } from './handler.ts'
import { report, type Reception } from './report.ts'

export interface RunnerOptions {
  messaging: Messaging
  telemetry: Telemetry
  service: string
  /** "<service>.<instance>" */
  actor: string
  version: string
  handlers: ReadonlyMap<string, Handler>
  stopping: AbortSignal
}

/** Outcomes kept for a delivery that comes again because its acknowledgement was lost. */
const mostKnown = 1_000
const blockedPauseMs = 2_000

export class TaskRunner {
  readonly #options: RunnerOptions
  readonly #known = new Map<string, Outcome>()
  readonly #duration

  constructor(options: RunnerOptions) {
    this.#options = options
    this.#duration = options.telemetry.meter.createHistogram('pitcrew.task.duration', {
      unit: 's',
      description: 'execution of tasks',
    })
  }

  async run(work: Work): Promise<void> {
    const task = decode(work)
    if (task === undefined) return this.#refuse(work)
    const template = `task.${task.capability}.{priority}`
    const spanAttributes = {
      [attributes.messagingSystem]: 'nats',
      [attributes.messagingOperation]: 'process',
      [attributes.messagingOperationType]: 'process',
      [attributes.messagingDestinationTemplate]: template,
      [attributes.messagingConversation]: task.workflowId,
      [attributes.workflowId]: task.workflowId,
      [attributes.taskId]: task.taskId,
      [attributes.taskAttempt]: task.attempt,
      [attributes.capability]: task.capability,
    }
    const spanOptions = { kind: SpanKind.CONSUMER, attributes: spanAttributes, parent: work.context }
    const reception = await inSpan(this.#options.telemetry, `process ${template}`, spanOptions, (span) =>
      this.#runInSpan(task, span.spanContext().traceId, (thrown) => markFailed(span, thrown)),
    )
    this.#settle(work, reception)
  }

  async #runInSpan(task: agent.Task, traceId: string, onFailure: (thrown: unknown) => void): Promise<Reception> {
    const { messaging, telemetry, actor, service, version, stopping } = this.#options
    const logger = telemetry.logger.child({ task_id: task.taskId, attempt: task.attempt, capability: task.capability })
    const at = new Date().toISOString()
    const started = performance.now()
    const outcome = await this.#outcomeOf(task, logger)
    const durationMs = performance.now() - started
    if ('failure' in outcome) {
      onFailure(outcome.failure)
      if (outcome.failure.kind === 'cancelled' && stopping.aborted) return 'stopped'
      logger.warn('task failed', { error: outcome.failure })
    }
    const activity = activityOf({ task, actor, service, version, outcome, durationMs, traceId, at })
    const [reception] = await Promise.all([
      report({ messaging, task, actor, outcome, logger, stopping }),
      record(messaging, activity, logger, stopping),
    ])
    return stopping.aborted && reception !== 'accepted' ? 'stopped' : reception
  }

  async #outcomeOf(task: agent.Task, logger: Telemetry['logger']): Promise<Outcome> {
    const key = `${task.taskId}:${task.attempt}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const started = performance.now()
    const { handlers, stopping } = this.#options
    const outcome = await execute({ handler: handlers.get(task.capability), task, logger, stopping })
    const seconds = (performance.now() - started) / 1_000
    this.#duration.record(seconds, {
      capability: task.capability,
      outcome: 'failure' in outcome ? outcome.failure.code : 'success',
    })
    if ('failure' in outcome && outcome.failure.kind === 'cancelled') return outcome
    this.#known.set(key, outcome)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKnown) break
      this.#known.delete(oldest)
    }
    return outcome
  }

  #settle(work: Work, reception: Reception): void {
    switch (reception) {
      case 'accepted':
      case 'not-wanted':
        return work.done()
      case 'blocked':
        // The word that we are blocked is on its way to us too (standing.ts); another agent may have the task.
        return work.giveBack(blockedPauseMs)
      case 'stopped':
        return work.giveBack()
    }
  }

  async #refuse(work: Work): Promise<void> {
    try {
      await work.refuse(
        new Terminal('UNDECODABLE', `not a task of ${work.subject}`, {
          hint: 'was it published by something other than the engine?',
        }),
      )
    } catch (error) {
      this.#options.telemetry.logger.error('dead letter could not be stored; the task stays', {
        subject: work.subject,
        error,
      })
      work.giveBack(blockedPauseMs)
    }
  }
}

/** undefined for what is no task, or one for another subject than its own. */
function decode({ data, subject }: Work): agent.Task | undefined {
  try {
    const task = agent.Task.decode(data)
    const belongs = subject.startsWith(`task.${task.capability}.`)
    return belongs && task.taskId !== '' && task.workflowId !== '' ? task : undefined
  } catch {
    // Whatever the decoder objects to, the answer is the same.
    return undefined
  }
}
