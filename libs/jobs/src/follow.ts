import { Cancelled, fromWire, Retryable, Terminal, toFailure } from '@pitcrew/errors'
import { hasEnded, jobOf, type Job } from './job.ts'
import type { JobStore } from './job-store.ts'

export interface Following {
  stop(): void
  /** Resolves when the job has ended (after `listener` was told) or is gone; rejects when it may not be read. */
  readonly ended: Promise<Job | undefined>
}

/** Hints may be lost with a connection. */
const lookAgainMs = 2_000

/** Tells what the job is now and then each time that it has changed; quick changes as one. */
export function follow(store: JobStore, id: string, listener: (job: Job) => void): Following {
  const ended = Promise.withResolvers<Job | undefined>()
  let told = ''
  let looking = false
  let again = false

  const look = async () => {
    const found = await store.get(id)
    if (found === undefined) return stop(undefined)
    const job = jobOf(found.record, Date.now())
    const text = JSON.stringify(job)
    if (text !== told) listener(job)
    told = text
    if (hasEnded(job)) stop(job)
  }
  const soon = () => {
    again = true
    if (looking) return
    looking = true
    void (async () => {
      try {
        while (again) {
          again = false
          await look()
        }
      } catch (thrown) {
        const failure = toFailure(thrown)
        // A broker that is away is looked for again; what it refuses it will refuse again.
        if (failure.kind === 'retryable') return
        ended.reject(failure)
        stop(undefined)
      } finally {
        looking = false
      }
    })()
  }
  const offWrite = store.onWrite(id, soon)
  const timer = setInterval(soon, lookAgainMs)
  const stop = (job: Job | undefined) => {
    again = false
    clearInterval(timer)
    offWrite()
    ended.resolve(job)
  }
  soon()
  return { stop: () => stop(undefined), ended: ended.promise }
}

/**
 * The result of a job, when it has one. Its failure is thrown; Cancelled JOB_CANCELLED; Terminal JOB_NOT_FOUND; Retryable
 * DEADLINE_EXCEEDED when it has not ended in time (it goes on).
 */
export async function resultOf(store: JobStore, id: string, timeoutMs: number): Promise<unknown> {
  const following = follow(store, id, () => undefined)
  let late = false
  const timer = setTimeout(() => {
    late = true
    following.stop()
  }, timeoutMs)
  const job = await following.ended.finally(() => clearTimeout(timer))
  if (late) throw new Retryable('DEADLINE_EXCEEDED', `job ${id} has not ended within ${timeoutMs} ms`)
  switch (job?.state) {
    case 'completed':
      return job.result
    case 'failed':
      throw fromWire(job.failure)
    case 'cancelled':
      throw new Cancelled('JOB_CANCELLED', `job ${id} was cancelled: ${job.reason}`)
    default:
      throw notFound(id)
  }
}

export const notFound = (id: string): Terminal =>
  new Terminal('JOB_NOT_FOUND', `there is no job ${id}`, { hint: 'ended jobs are kept for a while only' })
