import { jobOf, type Job, type JobState } from './job.ts'
import type { JobStore } from './job-store.ts'

export interface ListOptions {
  state?: JobState | readonly JobState[]
  kind?: string
  scope?: string
  /** Default 100. */
  limit?: number
  /** `next` of the page before. */
  after?: number
}

export interface JobPage {
  /** In the order of their last change. One that changes meanwhile may come twice, and is never left out. */
  jobs: Job[]
  /** undefined: there are no more. */
  next?: number
}

export async function list(store: JobStore, options: ListOptions): Promise<JobPage> {
  const { state, kind, scope, limit = 100, after } = options
  const states = state === undefined ? undefined : [state].flat()
  const nowMs = Date.now()
  const jobs: Job[] = []
  for await (const { record, revision } of store.scan(scope, after)) {
    const job = jobOf(record, nowMs)
    if ((kind !== undefined && job.kind !== kind) || (states !== undefined && !states.includes(job.state))) continue
    jobs.push(job)
    if (jobs.length >= limit) return { jobs, next: revision }
  }
  return { jobs }
}
