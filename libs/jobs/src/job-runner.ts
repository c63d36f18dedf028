/**
 * Takes one job from delivery to acknowledgement.
 * 1. A message is settled only after the record says what became of the job.
 * 2. A job that another worker has taken over is theirs: of its message we say nothing that would take it from them.
 * 3. An outcome that cannot be stored because the broker is away is kept; the job is not done again for that.
 */
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { Cancelled, fromWire, toFailure } from '@pitcrew/errors'
import { backoffMs, pause, type Work } from '@pitcrew/messaging'
import { attributes, inSpan, markFailed, SpanKind, type Logger, type SpanOptions } from '@pitcrew/observability'
import { attempt } from './attempt.ts'
import { begin, deadLetterOf, unreadable, type BeginOptions, type Begun } from './begin.ts'
import { enqueueAt, readQueued, type QueuedJob } from './enqueue.ts'
import type { Stage } from './job.ts'
import { RunningJob } from './running-job.ts'
import { queueTemplate } from './subjects.ts'
import { finish, type Ending } from './transition.ts'
import type { Run } from './turns.ts'

export interface RunnerOptions extends BeginOptions {
  ackWaitMs: number
}

const troublePauseMs = 1_000

export class JobRunner {
  readonly #options: RunnerOptions
  readonly #logger: Logger
  readonly #running = new Map<string, RunningJob>()
  readonly #metrics

  constructor(options: RunnerOptions) {
    const { meter, logger } = options.messaging.telemetry
    this.#options = options
    this.#logger = logger
    this.#metrics = {
      duration: meter.createHistogram('pitcrew.job.duration', { unit: 's', description: 'attempts at jobs' }),
      wait: meter.createHistogram('pitcrew.job.wait', { unit: 's', description: 'from due to begun, first attempts' }),
    }
  }

  readonly run: Run = async (work, gate) => {
    try {
      const queued = readQueued(work)
      if (queued === undefined) return await work.refuse(unreadable(work))
      const begun = await begin(this.#options, work, queued, gate)
      if (begun !== undefined) await this.#perform(work, this.#started(begun, queued), queued)
    } catch (thrown) {
      const error = toFailure(thrown)
      this.#logger.error('job is given back: its state cannot be kept', { subject: work.subject, error })
      work.giveBack(troublePauseMs)
    }
  }

  /** Somebody may have written to the records of jobs that run here: to this one, or those that have run for a while. */
  async look(which: string | { runningForMs: number }): Promise<void> {
    const jobs =
      typeof which === 'string'
        ? [this.#running.get(which)]
        : [...this.#running.values()].filter((job) => performance.now() - job.startedMs >= which.runningForMs)
    await Promise.all(jobs.map((job) => job?.look()))
  }

  /** Aborts everything that runs. */
  stop(): void {
    for (const job of this.#running.values()) job.abort(workerStopping())
  }

  #started({ record, revision }: Begun, { ticket }: QueuedJob): RunningJob {
    const { spec, stage } = record
    const { store, stopping } = this.#options
    const logger = this.#logger.child({ job_id: spec.id, job_kind: spec.kind, attempt: stage.attempt })
    const job = new RunningJob(store, logger, record, revision)
    this.#running.set(spec.id, job)
    if (stopping.aborted) job.abort(workerStopping())
    if (stage.attempt === 1) {
      const dueMs = Date.parse(ticket.scheduledFor ?? spec.addedAt)
      this.#metrics.wait.record(Math.max(0, Date.now() - dueMs) / 1_000, { kind: spec.kind })
    }
    return job
  }

  async #perform(work: Work, job: RunningJob, queued: QueuedJob): Promise<void> {
    const { telemetry } = this.#options.messaging
    try {
      const options = spanOptionsOf(work, job, queued)
      const ending = await inSpan(telemetry, `process ${queueTemplate(job.spec.kind)}`, options, async (span) => {
        const result = await this.#attempt(job)
        if ('failure' in result) markFailed(span, result.failure)
        return result
      })
      await this.#settle(work, job, ending)
    } finally {
      this.#running.delete(job.spec.id)
    }
  }

  async #attempt(job: RunningJob): Promise<Ending> {
    const { kind } = job.spec
    const ending = await attempt(this.#options.handlers.get(kind)!, job)
    const outcome = 'failure' in ending ? ending.failure.code : 'result' in ending ? 'success' : 'stopped'
    this.#metrics.duration.record((performance.now() - job.startedMs) / 1_000, { kind, outcome })
    if ('failure' in ending) job.logger.warn('job failed', { error: ending.failure })
    return ending
  }

  async #settle(work: Work, job: RunningJob, ending: Ending): Promise<void> {
    const { messaging, ackWaitMs } = this.#options
    const deadLetter = deadLetterOf(messaging, work)
    let stage: Stage | undefined
    const ours = await this.#whenBrokerIsThere(() =>
      job.end((active) => (stage = finish(job.spec, active, ending, Date.now(), deadLetter))),
    )
    // Who has it now keeps it alive; should they die too, it comes again.
    if (!ours || stage === undefined) return work.giveBack(ackWaitMs)
    switch (stage.state) {
      case 'completed':
      case 'cancelled':
        return work.done()
      case 'waiting':
        return work.giveBack()
      case 'delayed': {
        const { runAt } = stage
        await this.#whenBrokerIsThere(() => enqueueAt(messaging, job.spec, runAt))
        return work.done()
      }
      case 'failed': {
        const failure = fromWire(stage.failure)
        return this.#whenBrokerIsThere(() => work.refuse(failure))
      }
      case 'scheduled':
      case 'active':
        throw new TypeError(`an attempt does not end in ${stage.state}`)
    }
  }

  async #whenBrokerIsThere<T>(step: () => Promise<T>): Promise<T> {
    const { stopping } = this.#options
    for (let attempts = 1; ; attempts++) {
      try {
        return await step()
      } catch (thrown) {
        const error = toFailure(thrown)
        if (error.kind !== 'retryable' || stopping.aborted) throw error
        this.#logger.warn('the broker does not take a job’s outcome yet', { error })
        await pause(backoffMs(attempts, 50, 2_000), stopping)
      }
    }
  }
}

function spanOptionsOf(work: Work, { spec, stage }: RunningJob, { ticket, nextTick }: QueuedJob): SpanOptions {
  // Who added a job that comes later is linked to, not its parent.
  const later = nextTick !== undefined || ticket.scheduledFor !== undefined
  const cause = trace.getSpanContext(work.context)
  return {
    kind: SpanKind.CONSUMER,
    attributes: {
      [attributes.messagingSystem]: 'nats',
      [attributes.messagingOperation]: 'process',
      [attributes.messagingOperationType]: 'process',
      [attributes.messagingDestinationTemplate]: queueTemplate(spec.kind),
      [attributes.messagingMessageId]: spec.id,
      [attributes.taskAttempt]: stage.attempt,
      ...(spec.scope !== undefined && { [attributes.messagingConversation]: spec.scope }),
    },
    ...(later ? { parent: ROOT_CONTEXT, links: cause && [{ context: cause }] } : { parent: work.context }),
  }
}

const workerStopping = () => new Cancelled('WORKER_STOPPING', 'the worker stops; another will do the job')
