/**
 * How a job goes from state to state. Pure: what is written, and from which revision, is the caller's.
 * 1. A job runs under one claim (a message of the queue) at a time. A message that comes again under the claim of an active
 *    job means that its worker is gone; any other message for it is one too many.
 * 2. What has ended begins again only when a person replays it.
 * 3. A job is begun at most `attempts` times, however its attempts end; one given back by a worker that stops does not count.
 */
import { Retryable, toWire, type Failure, type WireFailure } from '@pitcrew/errors'
import { backoffMs } from '@pitcrew/messaging'
import type { Active, JobRecord, JobSpec, Stage } from './job.ts'

export interface Ticket {
  claim: string
  /** It was delivered by the schedule for this time. */
  scheduledFor?: string
  /** It comes from the dead letter. */
  replayed: boolean
}

export interface Taker {
  worker: string
  nowMs: number
  /** Where the dead letter of this message goes. */
  deadLetter: string
}

export type Taking =
  | { then: 'begin'; record: ActiveRecord }
  /** Its time has not come: whatever brought it here, it has to be scheduled. */
  | { then: 'schedule'; spec: JobSpec; runAt: string }
  | { then: 'drop' }
  /** Its worker died before it could heed the wish: to be recorded. */
  | { then: 'cancel'; record: JobRecord }
  /** Recorded as failed; the message has to go to the dead letter still. */
  | { then: 'refuse'; failure: WireFailure }
  /** To be recorded as failed first. */
  | { then: 'fail'; record: JobRecord; failure: WireFailure }

export type ActiveRecord = JobRecord & { stage: Active }

const iso = (ms: number) => new Date(ms).toISOString()

/** `record` undefined: whoever added it died before it was written, so the message's word is taken. */
export function take(record: JobRecord | undefined, spec: JobSpec, ticket: Ticket, taker: Taker): Taking {
  if (record === undefined) return begin(spec, 0, ticket, taker)
  const { stage } = record
  switch (stage.state) {
    case 'waiting':
      return begin(record.spec, stage.attempt, ticket, taker)
    case 'scheduled':
    case 'delayed': {
      const { runAt = record.spec.addedAt } = stage
      // The broker's clock decides: ours may be behind.
      const due = ticket.scheduledFor === runAt || Date.parse(runAt) <= taker.nowMs
      return due ? begin(record.spec, stage.attempt, ticket, taker) : { then: 'schedule', spec: record.spec, runAt }
    }
    case 'active':
      if (stage.claim !== ticket.claim) return { then: 'drop' }
      if (stage.cancelling !== undefined)
        return { then: 'cancel', record: cancelled(record, stage.cancelling, taker.nowMs) }
      return begin(record.spec, stage.attempt, ticket, taker)
    case 'failed':
      if (stage.claim === ticket.claim) return { then: 'refuse', failure: stage.failure }
      return ticket.replayed ? begin(record.spec, 0, ticket, taker) : { then: 'drop' }
    case 'completed':
    case 'cancelled':
      return { then: 'drop' }
  }
}

function begin(spec: JobSpec, attempt: number, { claim }: Ticket, { worker, nowMs, deadLetter }: Taker): Taking {
  if (attempt < spec.attempts) {
    const stage: Active = { state: 'active', attempt: attempt + 1, claim, worker, startedAt: iso(nowMs) }
    return { then: 'begin', record: { spec, stage } }
  }
  const failure = toWire(
    new Retryable('WORKER_LOST', `the worker of attempt ${attempt} of ${spec.attempts} went away with the job`, {
      hint: 'find what takes the process down, then replay the job',
    }),
  )
  const stage: Stage = { state: 'failed', attempt, claim, endedAt: iso(nowMs), failure, deadLetter }
  return { then: 'fail', record: { spec, stage }, failure }
}

export type Ending = { result: unknown } | { failure: Failure } | { cancelled: string } | { givenBack: true }

/** The state after an attempt. */
export function finish(spec: JobSpec, active: Active, ending: Ending, nowMs: number, deadLetter: string): Stage {
  const { attempt, claim, startedAt, progress } = active
  const endedAt = iso(nowMs)
  if ('result' in ending)
    return { state: 'completed', attempt, startedAt, endedAt, result: ending.result, ...(progress && { progress }) }
  if ('cancelled' in ending) return { state: 'cancelled', attempt, endedAt, reason: ending.cancelled }
  if ('givenBack' in ending) return { state: 'waiting', attempt: attempt - 1 }
  const failure = toWire(ending.failure)
  if (failure.kind === 'retryable' && attempt < spec.attempts) {
    const delayMs = failure.afterMs ?? backoffMs(attempt, spec.backoff.firstMs, spec.backoff.mostMs)
    return { state: 'delayed', attempt, claim, runAt: iso(nowMs + delayMs), failure }
  }
  return { state: 'failed', attempt, claim, endedAt, failure, deadLetter }
}

export type Cancelling = 'cancelled' | 'requested' | 'ended'

/** `next` undefined: nothing to write. */
export function cancel(record: JobRecord, reason: string, nowMs: number): { outcome: Cancelling; next?: Stage } {
  const { stage } = record
  switch (stage.state) {
    case 'scheduled':
    case 'waiting':
    case 'delayed':
      return { outcome: 'cancelled', next: cancelled(record, reason, nowMs).stage }
    case 'active':
      return { outcome: 'requested', next: { ...stage, cancelling: stage.cancelling ?? reason } }
    case 'completed':
    case 'failed':
      return { outcome: 'ended' }
    case 'cancelled':
      return { outcome: 'cancelled' }
  }
}

const cancelled = ({ spec, stage }: JobRecord, reason: string, nowMs: number): JobRecord => ({
  spec,
  stage: { state: 'cancelled', attempt: stage.attempt, endedAt: iso(nowMs), reason },
})
