/**
 * Owns: the record of one job while it runs here.
 * 1. Writes go one after the other, each from the revision of the one before.
 * 2. When somebody else has written, they wanted it cancelled (the signal aborts, and our next write goes on from theirs) or
 *    have taken the job over, because the broker took us for dead (then it is lost, and we write nothing more).
 * 3. Once it ends, only its end is written: a handler that goes on regardless has no say in what the job is by then.
 */
import { Cancelled, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import type { Active, JobSpec, Stage } from './job.ts'
import type { JobStore, StoredJob } from './job-store.ts'
import type { ActiveRecord } from './transition.ts'

const progressEveryMs = 500

export class RunningJob {
  readonly spec: JobSpec
  readonly logger: Logger
  readonly startedMs = performance.now()
  readonly #store: JobStore
  readonly #aborter = new AbortController()
  #stage: Active
  #revision: number
  #turn: Promise<unknown> = Promise.resolve()
  #lost = false
  #ending = false
  #reported: Active['progress']
  #reportedMs = -Infinity
  #timer: NodeJS.Timeout | undefined

  constructor(store: JobStore, logger: Logger, { spec, stage }: ActiveRecord, revision: number) {
    this.spec = spec
    this.#store = store
    this.logger = logger
    this.#stage = stage
    this.#revision = revision
  }

  get signal(): AbortSignal {
    return this.#aborter.signal
  }

  get stage(): Active {
    return this.#stage
  }

  abort(reason: Failure): void {
    this.#aborter.abort(reason)
  }

  progress(percent: number, note?: string): void {
    if (!(percent >= 0 && percent <= 100))
      throw new Terminal('BAD_PROGRESS', `progress of ${percent} percent; expected 0 to 100`)
    if (this.#ending) return
    this.#reported = { percent, ...(note !== undefined && { note }) }
    const waitMs = this.#reportedMs + progressEveryMs - performance.now()
    this.#timer ??= setTimeout(() => void this.#storeProgress(), Math.max(0, waitMs))
  }

  async #storeProgress(): Promise<void> {
    this.#reportedMs = performance.now()
    this.#timer = undefined
    const progress = this.#reported
    try {
      await this.#write((stage) => ({ ...stage, progress }))
    } catch (error) {
      this.logger.debug('progress was not stored; the next may be', { error: toFailure(error) })
    }
  }

  /** The last write, with the last progress. False: the job is lost, so somebody else answers for it. */
  end(next: (stage: Active) => Stage): Promise<boolean> {
    this.#ending = true
    clearTimeout(this.#timer)
    const progress = this.#reported
    return this.#write((stage) => next(progress === undefined ? stage : { ...stage, progress }))
  }

  /** Has somebody written? */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      const found = await this.#store.get(this.spec.id)
      if (found?.revision !== this.#revision) this.#adopt(found)
    })
  }

  #write(next: (stage: Active) => Stage): Promise<boolean> {
    return this.#inTurn(async () => {
      while (!this.#lost) {
        const stage = next(this.#stage)
        const saved = await this.#store.save({ spec: this.spec, stage }, this.#revision)
        if ('conflict' in saved) {
          this.#adopt(saved.conflict)
          continue
        }
        this.#revision = saved.revision
        if (stage.state === 'active') this.#stage = stage
        return true
      }
      return false
    })
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(step)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  #adopt(found: StoredJob | undefined): void {
    const stage = found?.record.stage
    const ours = stage?.state === 'active' && stage.claim === this.#stage.claim && stage.attempt === this.#stage.attempt
    if (!ours) {
      this.#lost = true
      return this.abort(new Cancelled('CLAIM_LOST', `job ${this.spec.id} was taken over by another worker`))
    }
    this.#stage = stage
    this.#revision = found!.revision
    if (stage.cancelling !== undefined) this.abort(new Cancelled('JOB_CANCELLED', stage.cancelling))
  }
}
