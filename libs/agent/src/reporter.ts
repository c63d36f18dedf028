/**
 * Gets results to the engine that waits for them.
 * 1. `report` resolves only when the engine has made the result durable, will never take it, or we are stopped.
 * 2. An engine that is away or moving is waited for: the outcome is kept, the work is not done again.
 * 3. Two requests are under way to each partition; what ends meanwhile goes with the next, so a burst costs few messages.
 */
import { agent } from '@pitcrew/contracts'
import { fromWire, Retryable, toFailure, type Failure, type WireFailure } from '@pitcrew/errors'
import { backoffMs, pause, type Messaging } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import type { Outcome } from './execute.ts'

export type Reception = 'accepted' | 'not-wanted' | 'blocked' | 'stopped'

export interface ReporterOptions {
  messaging: Messaging
  actor: string
  logger: Logger
  stopping: AbortSignal
}

interface Waiting {
  result: agent.TaskResult
  attempt: number
  resolve: (reception: Reception) => void
}

const template = 'workflow.results.{partition}'
/** An engine that died with our result in hand is given up soon; asking again is harmless. */
const answerWithinMs = 2_500
const mostTogether = 256
/** Not one, so that a result need not wait until the engine has written those before it. */
const mostUnderWay = 2

export class Reporter {
  readonly #options: ReporterOptions
  readonly #partitions = new Map<number, PartitionReports>()

  constructor(options: ReporterOptions) {
    this.#options = options
    options.stopping.addEventListener('abort', () => {
      for (const reports of this.#partitions.values()) reports.stop()
    })
  }

  report(task: agent.Task, outcome: Outcome, durationMs: number): Promise<Reception> {
    if (this.#options.stopping.aborted) return Promise.resolve('stopped')
    return this.#of(task.partition).report(resultOf(task, this.#options.actor, outcome, durationMs))
  }

  /** A word on the way; lost if the engine is away. */
  progress(task: agent.Task, percent: number, note: string): void {
    const { taskId, workflowId, attempt, partition } = task
    const whole = Math.round(Math.min(100, Math.max(0, percent)))
    this.#of(partition).progress({ taskId, workflowId, attempt, percent: whole, note })
  }

  #of(partition: number): PartitionReports {
    let reports = this.#partitions.get(partition)
    if (!reports) {
      reports = new PartitionReports(this.#options, `workflow.results.${partition}`)
      this.#partitions.set(partition, reports)
    }
    return reports
  }
}

class PartitionReports {
  readonly #options: ReporterOptions
  readonly #subject: string
  readonly #progress = new Map<string, agent.TaskProgress>()
  /** Not settled yet: those that wait, those under way and those that are tried again later. */
  readonly #open = new Set<Waiting>()
  #waiting: Waiting[] = []
  #planned = false
  #underWay = 0

  constructor(options: ReporterOptions, subject: string) {
    this.#options = options
    this.#subject = subject
  }

  report(result: agent.TaskResult): Promise<Reception> {
    this.#progress.delete(result.taskId)
    return new Promise((resolve) => {
      const one = { result, attempt: 1, resolve }
      this.#open.add(one)
      this.#waiting.push(one)
      this.#send()
    })
  }

  progress(progress: agent.TaskProgress): void {
    this.#progress.set(progress.taskId, progress)
    this.#send()
  }

  stop(): void {
    for (const one of this.#open) this.#settle(one, 'stopped')
  }

  #send(): void {
    if (this.#planned || this.#underWay === mostUnderWay) return
    this.#planned = true
    // A turn of the event loop, so that what ends together goes together.
    setImmediate(() => {
      this.#planned = false
      void this.#sendSome()
    })
  }

  async #sendSome(): Promise<void> {
    const together = this.#waiting.splice(0, mostTogether)
    const progress = [...this.#progress.values()]
    this.#progress.clear()
    if (together.length === 0 && progress.length === 0) return
    this.#underWay++
    const answers = await this.#ask({ results: together.map(({ result }) => result), progress })
    this.#underWay--
    together.forEach((one, i) => this.#hear(one, Array.isArray(answers) ? refusalOf(answers[i]) : answers))
    if (this.#waiting.length > 0 || this.#progress.size > 0) this.#send()
  }

  async #ask(request: agent.ReportResultsRequest): Promise<agent.Reception[] | Failure> {
    try {
      const body = agent.ReportResultsRequest.encode(request).finish()
      const reply = await this.#options.messaging.request(this.#subject, body, { timeoutMs: answerWithinMs, template })
      return agent.ReportResultsResponse.decode(reply).receptions
    } catch (thrown) {
      return toFailure(thrown)
    }
  }

  #hear(one: Waiting, refusal: Failure | undefined): void {
    const { logger, stopping } = this.#options
    if (refusal === undefined) return this.#settle(one, 'accepted')
    if (refusal.code === 'BLOCKED') return this.#settle(one, 'blocked')
    if (refusal.kind === 'terminal' && refusal.code !== 'FORBIDDEN') {
      logger.warn('the engine does not want this result', { code: refusal.code, task_id: one.result.taskId })
      return this.#settle(one, 'not-wanted')
    }
    logger.debug('the result is not taken yet', { code: refusal.code, attempts: one.attempt })
    const afterMs = refusal.kind === 'retryable' ? (refusal.afterMs ?? 0) : 0
    void pause(Math.max(backoffMs(one.attempt++, 50, 2_000), afterMs), stopping).then(() => {
      if (!this.#open.has(one)) return
      this.#waiting.push(one)
      this.#send()
    })
  }

  #settle(one: Waiting, reception: Reception): void {
    if (this.#open.delete(one)) one.resolve(reception)
  }
}

function refusalOf(reception: agent.Reception | undefined): Failure | undefined {
  if (reception === undefined)
    return new Retryable('BAD_REPLY', 'the engine answered for fewer results than it was given')
  const { refusal } = reception
  if (refusal === undefined) return undefined
  const { kind, code, message, hint, afterMs } = refusal
  return fromWire({
    kind: kind as WireFailure['kind'],
    code,
    message,
    ...(hint && { hint }),
    ...(afterMs && { afterMs }),
  })
}

function resultOf(task: agent.Task, actor: string, outcome: Outcome, durationMs: number): agent.TaskResult {
  const { taskId, workflowId, attempt, capability } = task
  const result = { taskId, workflowId, attempt, capability, agent: actor, durationUs: Math.round(durationMs * 1_000) }
  if ('output' in outcome) return agent.TaskResult.fromPartial({ ...result, output: Buffer.from(outcome.output) })
  const { kind, code, message, hint = '' } = outcome.failure
  const afterMs = outcome.failure.kind === 'retryable' ? (outcome.failure.afterMs ?? 0) : 0
  return agent.TaskResult.fromPartial({ ...result, failure: { kind, code, message, hint, afterMs } })
}
