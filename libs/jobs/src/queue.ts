/** Jobs as those see them who add and watch them. */
import type { Messaging } from '@pitcrew/messaging'
import { add, type Added } from './add.ts'
import { additionOf, type AddOptions } from './addition.ts'
import { unschedule } from './enqueue.ts'
import { follow, notFound, resultOf, type Following } from './follow.ts'
import { hasEnded, jobOf, type Job, type JobState } from './job.ts'
import { change, jobStore, type JobStore } from './job-store.ts'
import type { JobKind } from './kind.ts'
import { list, type JobPage, type ListOptions } from './listing.ts'
import { replay } from './replay.ts'
import { statisticsOf, type JobStatistics } from './statistics.ts'
import { cancelSubject } from './subjects.ts'
import { cancel, type Cancelling } from './transition.ts'

export interface Addition<P> extends AddOptions {
  payload: P
}

export interface ScopeCancelled {
  cancelled: string[]
  /** They run: their workers have been asked to stop. */
  requested: string[]
}

export interface JobQueue {
  /** Resolves when the job is stored. Terminal BAD_JOB, BAD_JOB_KIND, BAD_SCHEDULE, JOB_ID_TAKEN. */
  add<P, R>(kind: JobKind<P, R>, payload: P, options?: AddOptions): Promise<Added>
  /** The same for many, pipelined. Rejects when one failed; the others may be stored, so add again under the ids. */
  addMany<P, R>(kind: JobKind<P, R>, jobs: readonly Addition<P>[]): Promise<Added[]>
  get(id: string): Promise<Job | undefined>
  /** Reads through all that is known, or all of the scope. */
  list(options?: ListOptions): Promise<JobPage>
  /** Likewise. */
  statistics(options?: { scope?: string }): Promise<JobStatistics>
  /** Told of progress and every other change. */
  follow(id: string, listener: (job: Job) => void): Following
  /** Default 60 s. See follow.ts for what is thrown. */
  result<P, R>(kind: JobKind<P, R>, id: string, options?: { timeoutMs?: number }): Promise<R>
  /**
   * `cancelled`: it never runs (a recurring job: never again). `requested`: it runs; its signal aborts, and it is cancelled
   * unless it ends just then. `ended`: too late. Terminal JOB_NOT_FOUND.
   */
  cancel(id: string, reason?: string): Promise<Cancelling>
  /** All jobs of the scope that have not ended. */
  cancelScope(scope: string, reason?: string): Promise<ScopeCancelled>
  /** Failed jobs. They are among the dead letters of the platform too. */
  deadLetters(options?: Omit<ListOptions, 'state'>): Promise<JobPage>
  /** A failed or cancelled job begins again. For an operator's identity. Terminal JOB_NOT_FOUND, JOB_NOT_REPLAYABLE. */
  replay(id: string): Promise<Job>
  /** Ends what follows. */
  stop(): void
}

/** Fills the broker's pipe; fewer than what its acknowledgements can wait for. */
const window = 256

export function jobQueue(messaging: Messaging): JobQueue {
  const store = jobStore(messaging)
  const followings = new Set<Following>()
  const addOne = <P, R>(kind: JobKind<P, R>, payload: P, options: AddOptions = {}) =>
    add(messaging, store, additionOf(kind, payload, options, Date.now()))

  return {
    add: async (kind, payload, options) => addOne(kind, payload, options),
    addMany: (kind, jobs) => inWindows(jobs, async ({ payload, ...options }) => addOne(kind, payload, options)),
    async get(id) {
      const found = await store.get(id)
      return found && jobOf(found.record, Date.now())
    },
    list: (options = {}) => list(store, options),
    statistics: ({ scope } = {}) => statisticsOf(jobsOf(store, scope), Date.now()),
    follow(id, listener) {
      const following = follow(store, id, listener)
      followings.add(following)
      const forget = () => void followings.delete(following)
      following.ended.then(forget, forget)
      return following
    },
    result: <P, R>(_kind: JobKind<P, R>, id: string, { timeoutMs = 60_000 } = {}) =>
      resultOf(store, id, timeoutMs) as Promise<R>,
    cancel: (id, reason = 'no reason given') => cancelOne(messaging, store, id, reason),
    async cancelScope(scope, reason = 'no reason given') {
      const open: string[] = []
      for await (const job of jobsOf(store, scope)) if (!hasEnded(job)) open.push(job.id)
      const outcomes = await inWindows(open, (id) => cancelOne(messaging, store, id, reason))
      const which = (wanted: Cancelling) => open.filter((_, index) => outcomes[index] === wanted)
      return { cancelled: which('cancelled'), requested: which('requested') }
    },
    deadLetters: (options = {}) => list(store, { ...options, state: 'failed' }),
    replay: (id) => replay(messaging, store, id),
    stop: () => followings.forEach((following) => following.stop()),
  }
}

async function* jobsOf(store: JobStore, scope?: string): AsyncGenerator<Job> {
  const nowMs = Date.now()
  for await (const { record } of store.scan(scope)) yield jobOf(record, nowMs)
}

async function cancelOne(messaging: Messaging, store: JobStore, id: string, reason: string): Promise<Cancelling> {
  let step: ReturnType<typeof cancel> | undefined
  let before: JobState | undefined
  await change(store, id, (record) => {
    before = record.stage.state
    step = cancel(record, reason, Date.now())
    return step.next && { spec: record.spec, stage: step.next }
  })
  const outcome = (step as ReturnType<typeof cancel> | undefined)?.outcome
  if (outcome === undefined) throw notFound(id)
  // Should we die before this, what is delivered finds the job cancelled.
  if (before === 'scheduled' || before === 'delayed') await unschedule(messaging, id)
  if (outcome === 'requested') messaging.signal(cancelSubject, new TextEncoder().encode(id))
  return outcome
}

async function inWindows<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < items.length; from += window) {
    const settled = await Promise.allSettled(items.slice(from, from + window).map(work))
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason
      results.push(result.value)
    }
  }
  return results
}
