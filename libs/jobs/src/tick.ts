/**
 * From a tick of a recurring job to the run that it stands for.
 * 1. A tick is one run, however often it is delivered.
 * 2. Unless `catchUp` is set, a tick behind which a later one waits (or has begun) is left out.
 * 3. Unless `overlap` is set, a tick is left out while the run before has not ended.
 */
import { directGetLast, type Messaging } from '@pitcrew/messaging'
import { readNextTick, type QueuedJob } from './enqueue.ts'
import { hasEnded, type JobRecord, type JobSpec } from './job.ts'
import type { JobStore } from './job-store.ts'
import { jobStream, queueSubject } from './subjects.ts'

/** undefined: this tick is left out. */
export async function runOfTick(
  messaging: Messaging,
  store: JobStore,
  { spec, ticket, nextTick }: QueuedJob,
): Promise<JobSpec | undefined> {
  const runId = `${spec.id}@${nextTick ?? ticket.claim}`
  if ((await store.get(runId)) !== undefined) return runSpecOf(spec, runId)
  for (let current = await store.get(spec.id); ;) {
    const record = current?.record ?? { spec, stage: { state: 'scheduled', attempt: 0 } }
    const run = runSpecOf(record.spec, runId)
    if (record.stage.state !== 'scheduled') return undefined
    if (record.stage.lastRun === runId) return run
    if (nextTick !== undefined && (await isLeftOut(messaging, store, record, nextTick, runId))) return undefined
    const saved = await store.save(
      { spec: record.spec, stage: { ...record.stage, lastRun: runId } },
      current?.revision ?? 0,
    )
    if ('revision' in saved) return run
    current = saved.conflict
  }
}

async function isLeftOut(
  messaging: Messaging,
  store: JobStore,
  { spec, stage }: JobRecord,
  nextTick: string,
  runId: string,
): Promise<boolean> {
  const lastRun = stage.state === 'scheduled' ? stage.lastRun : undefined
  if (!spec.recurrence?.catchUp) {
    // Ids of runs end in ISO 8601 times, whose order is that of their letters.
    if (lastRun !== undefined && lastRun > runId) return true
    const newest = await directGetLast(messaging.connection, jobStream, queueSubject(spec.kind, spec.priority, spec.id))
    const newestNext = newest?.headers && readNextTick((name) => newest.headers?.get(name))
    if (newestNext !== undefined && newestNext > nextTick) return true
  }
  if (spec.recurrence?.overlap || lastRun === undefined) return false
  const last = await store.get(lastRun)
  return last !== undefined && !hasEnded(last.record.stage)
}

function runSpecOf({ recurrence: _recurrence, ...spec }: JobSpec, runId: string): JobSpec {
  return { ...spec, id: runId, runOf: spec.id, addedAt: new Date().toISOString() }
}
