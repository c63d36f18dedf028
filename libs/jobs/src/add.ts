/**
 * Puts a job in the queue and makes its record.
 * 1. The message goes first: if we die in between, a worker makes the record from it. A record without a message would wait
 *    for ever.
 * 2. Of several additions under one id one is kept; messages of the others, if any, are dropped by workers.
 * 3. A recurring job that is added again differently is changed; one that was cancelled stays so.
 */
import { Terminal } from '@pitcrew/errors'
import type { Messaging } from '@pitcrew/messaging'
import { jobOf, type Job, type JobRecord } from './job.ts'
import type { JobStore, StoredJob } from './job-store.ts'
import { enqueueAt, enqueueNow, enqueueRecurring } from './enqueue.ts'

export interface Added {
  job: Job
  /** False: the id was there already, and `job` is what it stands for. */
  added: boolean
}

export async function add(
  messaging: Messaging,
  store: JobStore,
  { runAt, ...record }: JobRecord & { runAt?: string },
): Promise<Added> {
  const { spec } = record
  const found = await store.get(spec.id)
  if (found !== undefined) return spec.recurrence ? revise(messaging, store, record, found) : existing(record, found)
  if (spec.recurrence !== undefined) await enqueueRecurring(messaging, spec)
  else if (runAt !== undefined) await enqueueAt(messaging, spec, runAt)
  else await enqueueNow(messaging, spec)
  const saved = await store.save(record, 0)
  if ('revision' in saved || saved.conflict === undefined) return { job: jobOf(record, Date.now()), added: true }
  // A worker may have been quicker than we; then the record is that of our own addition.
  return existing(record, saved.conflict)
}

function existing({ spec }: JobRecord, { record }: StoredJob): Added {
  if (record.spec.kind !== spec.kind || (record.spec.recurrence === undefined) !== (spec.recurrence === undefined)) {
    throw new Terminal('JOB_ID_TAKEN', `the id ${spec.id} is that of another job, of kind ${record.spec.kind}`, {
      hint: 'an id names one piece of work: put the kind in it',
    })
  }
  return { job: jobOf(record, Date.now()), added: record.spec.addition === spec.addition }
}

async function revise(messaging: Messaging, store: JobStore, record: JobRecord, found: StoredJob): Promise<Added> {
  const same = meaningOf(found.record) === meaningOf(record)
  const answer = existing(record, found)
  if (same || found.record.stage.state === 'cancelled') return answer
  const { addedAt, addition } = found.record.spec
  const revised: JobRecord = { spec: { ...record.spec, addedAt, addition }, stage: found.record.stage }
  await enqueueRecurring(messaging, revised.spec)
  const saved = await store.save(revised, found.revision)
  if ('revision' in saved) return { job: jobOf(revised, Date.now()), added: false }
  // A tick was noted, or somebody else revised or cancelled it meanwhile: look again.
  return add(messaging, store, record)
}

const meaningOf = ({ spec: { addedAt: _at, addition: _addition, ...rest } }: JobRecord): string => JSON.stringify(rest)
