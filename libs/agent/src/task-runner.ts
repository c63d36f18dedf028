/**
 * Takes tasks from delivery to acknowledgement.
 * 1. A message is acknowledged only after the engine has taken the outcome of each of its tasks (or never will) and their
 *    activity is recorded.
 * 2. A task whose outcome is known here is not executed again when it is delivered again.
 * 3. What cannot be read goes to the dead letter: there is nobody to tell.
 * 4. However many tasks come in one message, no more run at once than there are slots.
 */
import { agent } from '@pitcrew/contracts'
import { Cancelled, Terminal } from '@pitcrew/errors'
import type { Messaging, Work } from '@pitcrew/messaging'
import { attributes, extractTrace, inSpan, markFailed, SpanKind, type Telemetry } from '@pitcrew/observability'
import { activityOf, Recorder } from './activity.ts'
import { sharedContext } from './context/index.ts'
import { CutShort } from './cut-short.ts'
import { execute, type Outcome } from './execute.ts'
import type { Handler } from './handler.ts'
import { Reporter, type Reception } from './reporter.ts'
import { Slots } from './slots.ts'

export interface RunnerOptions {
  messaging: Messaging
  telemetry: Telemetry
  service: string
  /** "<service>.<instance>" */
  actor: string
  version: string
  handlers: ReadonlyMap<string, Handler>
  slots: number
  stopping: AbortSignal
}

/** Outcomes kept for a delivery that comes again because its acknowledgement was lost; at most twice as many. */
const mostKnown = 1_000
const blockedPauseMs = 2_000

export class TaskRunner {
  readonly #options: RunnerOptions
  readonly #reporter: Reporter
  readonly #recorder: Recorder
  readonly #slots: Slots
  #known = new Map<string, Outcome>()
  #knownBefore = new Map<string, Outcome>()
  readonly #running = new Map<string, CutShort>()
  readonly #duration

  constructor(options: RunnerOptions) {
    const { telemetry, slots } = options
    this.#options = options
    this.#reporter = new Reporter({ ...options, logger: telemetry.logger })
    this.#recorder = new Recorder({ ...options, logger: telemetry.logger })
    this.#slots = new Slots(slots)
    options.stopping.addEventListener('abort', () => {
      for (const cutShort of this.#running.values()) cutShort.by(agentStops())
    })
    this.#duration = telemetry.meter.createHistogram('pitcrew.task.duration', {
      unit: 's',
      description: 'execution of tasks',
    })
  }

  /** Tasks that run or wait for a slot; those that only wait to be reported hold none. */
  get load(): number {
    return this.#slots.load
  }

  async run(work: Work): Promise<void> {
    const tasks = decode(work)
    if (tasks === undefined) return this.#refuse(work)
    this.#settle(work, await Promise.all(tasks.map((task) => this.#runTask(task))))
  }

  /** Nobody waits for these any more. */
  cancel({ tasks }: agent.TasksCancelled): void {
    const reason = new Cancelled('TASK_CANCELLED', 'the workflow does not wait for this task any more')
    for (const task of tasks) this.#running.get(keyOf(task))?.by(reason)
  }

  #runTask(task: agent.Task): Promise<Reception> {
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
    const parent = extractTrace({ get: (name) => (name === 'traceparent' ? task.traceparent : '') })
    const spanOptions = { kind: SpanKind.CONSUMER, attributes: spanAttributes, parent }
    return inSpan(this.#options.telemetry, `process ${template}`, spanOptions, (span) =>
      this.#runInSpan(task, span.spanContext().traceId, (thrown) => markFailed(span, thrown)),
    )
  }

  async #runInSpan(task: agent.Task, traceId: string, onFailure: (thrown: unknown) => void): Promise<Reception> {
    const { telemetry, actor, service, version, stopping } = this.#options
    const { taskId: task_id, attempt, capability } = task
    const logger = () => telemetry.logger.child({ task_id, attempt, capability })
    const at = new Date().toISOString()
    let started = 0
    const outcome = await this.#slots.run(() => {
      started = performance.now()
      return this.#outcomeOf(task, logger)
    })
    const durationMs = performance.now() - started
    if ('failure' in outcome) {
      onFailure(outcome.failure)
      if (outcome.failure.kind === 'cancelled' && stopping.aborted) return 'stopped'
      logger().warn('task failed', { error: outcome.failure })
    }
    const activity = activityOf({ task, actor, service, version, outcome, durationMs, traceId, at })
    const [reception] = await Promise.all([
      this.#reporter.report(task, outcome, durationMs),
      this.#recorder.record(activity),
    ])
    return stopping.aborted && reception !== 'accepted' ? 'stopped' : reception
  }

  async #outcomeOf(task: agent.Task, logger: () => Telemetry['logger']): Promise<Outcome> {
    const key = keyOf(task)
    const known = this.#known.get(key) ?? this.#knownBefore.get(key)
    if (known !== undefined) return known
    const started = performance.now()
    const { handlers, stopping } = this.#options
    const cutShort = new CutShort()
    if (stopping.aborted) cutShort.by(agentStops())
    this.#running.set(key, cutShort)
    const progress = (percent: number, note = '') => this.#reporter.progress(task, percent, note)
    const shared = () => sharedContext(this.#options.messaging, task.workflowId)
    const handler = handlers.get(task.capability)
    const outcome = await execute({ handler, task, cutShort, logger, progress, shared })
    this.#running.delete(key)
    const seconds = (performance.now() - started) / 1_000
    this.#duration.record(seconds, {
      capability: task.capability,
      outcome: 'failure' in outcome ? outcome.failure.code : 'success',
    })
    if ('failure' in outcome && outcome.failure.kind === 'cancelled') return outcome
    this.#known.set(key, outcome)
    if (this.#known.size === mostKnown) {
      this.#knownBefore = this.#known
      this.#known = new Map()
    }
    return outcome
  }

  /** One that has to come again brings the whole message back; the outcomes of the others are known then. */
  #settle(work: Work, receptions: Reception[]): void {
    // The word that we are blocked is on its way to us too (standing.ts); another agent may have the task.
    if (receptions.includes('blocked')) return work.giveBack(blockedPauseMs)
    if (receptions.includes('stopped')) return work.giveBack()
    work.done()
  }

  async #refuse(work: Work): Promise<void> {
    try {
      await work.refuse(
        new Terminal('UNDECODABLE', `not tasks of ${work.subject}`, {
          hint: 'was it published by something other than the engine?',
        }),
      )
    } catch (error) {
      this.#options.telemetry.logger.error('dead letter could not be stored; the message stays', {
        subject: work.subject,
        error,
      })
      work.giveBack(blockedPauseMs)
    }
  }
}

const agentStops = (): Cancelled => new Cancelled('AGENT_STOPPING', 'the agent stops; another will do the task')

const keyOf = ({ taskId, attempt }: { taskId: string; attempt: number }): string => `${taskId}:${attempt}`

/** undefined for what are no tasks, or some for another subject than their own. */
function decode({ data, subject }: Work): agent.Task[] | undefined {
  try {
    const { tasks } = agent.TaskBatch.decode(data)
    const belong = tasks.every(
      ({ capability, taskId, workflowId }) =>
        subject.startsWith(`task.${capability}.`) && taskId !== '' && workflowId !== '',
    )
    return belong && tasks.length > 0 ? tasks : undefined
  } catch {
    // Whatever the decoder objects to, the answer is the same.
    return undefined
  }
}
