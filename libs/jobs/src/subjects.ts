/**
 * Where jobs wait: the stream JOBS.
 *   job.queue.<kind>.<priority>.<id>   to be done; a consumer for each kind and priority
 *   job.at.<id>                        to be put in the queue by the broker, once or again and again
 *   job.void.<id>                      takes such a schedule away
 * Signal, not stored:
 *   job.cancel                         somebody wants a running job to stop
 * State: the bucket "jobs", keys `job.<id>.<scope>` and `rate.<kind>`.
 */
import { escapeToken, type TaskPriority } from '@pitcrew/messaging'

export const jobStream = 'JOBS'
export const jobBucket = 'jobs'
export const jobSubjects = ['job.queue.>', 'job.at.>', 'job.void.>']
export const cancelSubject = 'job.cancel'

export const queueSubject = (kind: string, priority: TaskPriority, id: string): string =>
  `job.queue.${kind}.${priority}.${escapeToken(id)}`
export const queueFilter = (kind: string, priority: TaskPriority): string => `job.queue.${kind}.${priority}.*`
export const queueTemplate = (kind: string): string => `job.queue.${kind}.{priority}.{id}`
export const queueDurable = (kind: string, priority: TaskPriority): string => `${kind}_${priority}`

export const scheduleSubject = (id: string): string => `job.at.${escapeToken(id)}`
export const voidSubject = (id: string): string => `job.void.${escapeToken(id)}`

/** No escaped scope has this sign in it. */
const noScope = '='

export const jobKey = (id: string, scope?: string): string =>
  `job.${escapeToken(id)}.${scope === undefined ? noScope : escapeToken(scope)}`
/** Matches one record: an id is given once, whatever the scope. */
export const keyOfId = (id: string): string => `job.${escapeToken(id)}.*`
export const keysOfScope = (scope?: string): string => `job.*.${scope === undefined ? '*' : escapeToken(scope)}`
export const rateKey = (kind: string): string => `rate.${kind}`
