/**
 * From a message to a job that is begun, or to the message's end.
 * 1. A message is settled only after the record says what became of the job; what is delivered again finds that there.
 * 2. The turn of a kind with a rate is taken after the record allows the job, so that what is dropped costs none.
 */
import { fromWire, Terminal } from '@pitcrew/errors'
import { pause, type Messaging, type Work } from '@pitcrew/messaging'
import { enqueueAt, type QueuedJob } from './enqueue.ts'
import type { JobHandler } from './handler.ts'
import type { JobStore, StoredJob } from './job-store.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { runOfTick } from './tick.ts'
import { take, type ActiveRecord, type Taking } from './transition.ts'
import type { Gate } from './turns.ts'

export interface BeginOptions {
  messaging: Messaging
  store: JobStore
  limiter: RateLimiter
  handlers: ReadonlyMap<string, JobHandler>
  stopping: AbortSignal
}

export interface Begun {
  record: ActiveRecord
  revision: number
}

export const deadLetterOf = ({ service }: Messaging, { subject }: Work): string => `dead-letter.${service}.${subject}`

/** undefined: there is nothing to do, and the message is settled. */
export async function begin(
  options: BeginOptions,
  work: Work,
  queued: QueuedJob,
  gate: Gate,
): Promise<Begun | undefined> {
  const { messaging, store } = options
  const spec = queued.spec.recurrence === undefined ? queued.spec : await runOfTick(messaging, store, queued)
  if (spec === undefined) return void work.done()
  const worker = `${messaging.service}.${messaging.instance}`
  const deadLetter = deadLetterOf(messaging, work)
  let admitted = false
  for (let current = await store.get(spec.id); ;) {
    const taking = take(current?.record, spec, queued.ticket, { worker, nowMs: Date.now(), deadLetter })
    if (taking.then === 'begin' && !admitted) {
      admitted = await admit(options, spec.kind, gate)
      if (!admitted) return void work.giveBack()
    }
    const step = await act(options, work, taking, current)
    if (step === undefined || 'record' in step) return step
    current = step.conflict
  }
}

/** undefined: the message is settled. */
async function act(
  { messaging, store }: BeginOptions,
  work: Work,
  taking: Taking,
  current: StoredJob | undefined,
): Promise<Begun | { conflict: StoredJob | undefined } | undefined> {
  switch (taking.then) {
    case 'drop':
      return void work.done()
    case 'schedule':
      await enqueueAt(messaging, taking.spec, taking.runAt)
      return void work.done()
    case 'refuse':
      return void (await work.refuse(fromWire(taking.failure)))
    case 'begin':
    case 'fail':
    case 'cancel': {
      const saved = await store.save(taking.record, current?.revision ?? 0)
      if ('conflict' in saved) return saved
      if (taking.then === 'begin') return { record: taking.record, revision: saved.revision }
      return void (taking.then === 'fail' ? await work.refuse(fromWire(taking.failure)) : work.done())
    }
  }
}

/** Waits for the kind's turn if that is soon. */
async function admit({ handlers, limiter, stopping }: BeginOptions, kind: string, gate: Gate): Promise<boolean> {
  const rate = handlers.get(kind)?.rate
  if (rate !== undefined) {
    const { taken, atMs } = await limiter.take(kind, rate)
    if (!taken) {
      gate.notBefore(atMs)
      return false
    }
    if (atMs > Date.now()) await pause(atMs - Date.now(), stopping)
  }
  gate.admitted()
  return !stopping.aborted
}

export const unreadable = ({ subject }: Work): Terminal =>
  new Terminal('UNDECODABLE', `not a job of ${subject}`, {
    hint: 'was it published by something other than a job queue?',
  })
