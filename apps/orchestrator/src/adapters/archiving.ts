/**
 * C5: the recurring job that puts ended workflows away.
 * 1. It is kept by the broker, and done by one instance at a time: a tick is left out while the run before has not ended.
 * 2. Each step commits by itself, so that a run that is stopped, or fails, loses nothing: the next attempt goes on from there.
 */
import type { Database } from '@pitcrew/database'
import { defineJob, jobQueue, perform, runWorkers, type JobContext } from '@pitcrew/jobs'
import type { Messaging } from '@pitcrew/messaging'
import { due, tidy, type Retention, type Tidied } from './archive.ts'

/** Attempts for eight minutes, so that a database that moves is no dead letter. Its runs are of no interest for long. */
export const archiveWorkflows = defineJob<null, Tidied>('archive-workflows', {
  priority: 4,
  attempts: 10,
  backoff: { firstMs: 1_000, mostMs: 300_000 },
  timeoutMs: 15 * 60_000,
  keep: { completedMs: 60 * 60_000 },
})

export interface ArchivingOptions {
  messaging: Messaging
  database: Database
  retention: Retention
  everyMs?: number
  /** Workflows in one step. */
  most?: number
  /** How long a run may go on after `stop`; less than a service has for one step of its own stopping. */
  drainMs?: number
  now?: () => number
}

export interface Archiving {
  /** Takes no more runs; one under way ends in time, or is given back for another instance. */
  stop(): Promise<void>
}

export async function keepArchiving(options: ArchivingOptions): Promise<Archiving> {
  const { messaging, everyMs = 60_000, drainMs = 5_000 } = options
  const { logger } = messaging.telemetry
  const id = archiveWorkflows.name
  const { job } = await jobQueue(messaging).add(archiveWorkflows, null, { id, everyMs })
  if (job.state === 'cancelled')
    logger.warn('ended workflows are not archived: somebody cancelled it', {
      job: id,
      reason: job.reason,
      hint: 'replay the job to go on with it',
    })
  return runWorkers(messaging, {
    jobs: [perform(archiveWorkflows, (_, context) => archiveAll(options, context))],
    concurrency: 1,
    drainMs,
  })
}

async function archiveAll(
  { database, retention, most = 200, now = Date.now }: ArchivingOptions,
  { signal, progress, logger }: JobContext,
): Promise<Tidied> {
  const total = await due(database, retention, now())
  let [archived, purged] = [0, 0]
  for (;;) {
    signal.throwIfAborted()
    const step = await tidy(database, retention, now(), most)
    archived += step.archived
    purged += step.purged
    // More may have come due since they were counted.
    const percent = total === 0 ? 100 : Math.min(100, Math.floor((100 * (archived + purged)) / total))
    progress(percent, `${archived} archived, ${purged} forgotten`)
    if (step.archived < most && step.purged < most) break
  }
  if (archived + purged > 0) logger.info('old workflows were put away', { archived, purged })
  return { archived, purged }
}
