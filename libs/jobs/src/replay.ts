/**
 * Lets a job that failed or was cancelled begin again, with all its attempts.
 * 1. The record changes first, and then the message is sent: asked again after a crash in between, it is sent again, and
 *    whatever is too much is dropped by workers.
 * 2. A dead letter is marked as replayed, so that it does not stand among those that wait for somebody.
 */
import { Terminal } from '@pitcrew/errors'
import { deadLetters, directGetLast, type Messaging } from '@pitcrew/messaging'
import { enqueueNow, enqueueRecurring } from './enqueue.ts'
import { notFound } from './follow.ts'
import { jobOf, type Job, type JobRecord } from './job.ts'
import { change, type JobStore } from './job-store.ts'
import { queueSubject } from './subjects.ts'

export async function replay(messaging: Messaging, store: JobStore, id: string): Promise<Job> {
  let letter: string | undefined
  const revived = await change(store, id, (record) => {
    if (record.stage.state === 'failed') letter = record.stage.deadLetter
    return revive(record)
  })
  if (revived === undefined) throw notFound(id)
  const { record } = revived
  if (record.spec.recurrence !== undefined) await enqueueRecurring(messaging, record.spec)
  else if (!(await replayLetter(messaging, record, letter))) await enqueueNow(messaging, record.spec)
  return jobOf(record, Date.now())
}

function revive({ spec, stage }: JobRecord): JobRecord | undefined {
  switch (stage.state) {
    case 'failed':
    case 'cancelled':
      return { spec, stage: { state: spec.recurrence ? 'scheduled' : 'waiting', attempt: 0 } }
    case 'waiting':
      return undefined
    case 'scheduled':
    case 'active':
    case 'delayed':
    case 'completed':
      throw new Terminal('JOB_NOT_REPLAYABLE', `job ${spec.id} is ${stage.state}; expected failed or cancelled`)
  }
}

async function replayLetter(messaging: Messaging, { spec }: JobRecord, subject: string | undefined): Promise<boolean> {
  // The letter of a recurring job's tick stands for the tick, not for this run of it.
  if (subject === undefined || !subject.endsWith(`.${queueSubject(spec.kind, spec.priority, spec.id)}`)) return false
  const letter = await directGetLast(messaging.connection, 'DEAD_LETTER', subject)
  if (letter === undefined) return false
  const { duplicate } = await deadLetters(messaging).replay(letter.sequence)
  // Replayed before: this failure's own letter is not stored yet.
  return !duplicate
}
