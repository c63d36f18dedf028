/**
 * Puts jobs where the broker delivers them from. Every message has a ticket of its own: the claim under which it is begun.
 */
import { randomUUID } from 'node:crypto'
import { toFailure } from '@pitcrew/errors'
import type { Messaging, Work } from '@pitcrew/messaging'
import type { JobSpec } from './job.ts'
import { badSchedule, onceAt, onRecurrence, scheduleHeaders } from './schedule.ts'
import { queueSubject, queueTemplate, scheduleSubject, voidSubject } from './subjects.ts'
import type { Ticket } from './transition.ts'

const ticketHeader = 'pitcrew-job-ticket'
const runAtHeader = 'pitcrew-job-run-at'
const replayedHeader = 'pitcrew-replayed-from'

const bodyOf = (spec: JobSpec) => new TextEncoder().encode(JSON.stringify(spec))

export async function enqueueNow(messaging: Messaging, spec: JobSpec): Promise<void> {
  const ticket = randomUUID()
  await messaging.send(queueSubject(spec.kind, spec.priority, spec.id), bodyOf(spec), {
    id: ticket,
    template: queueTemplate(spec.kind),
    headers: { [ticketHeader]: ticket },
  })
}

/** In place of the schedule that the job had, if any. */
export async function enqueueAt(messaging: Messaging, spec: JobSpec, runAt: string): Promise<void> {
  await schedule(messaging, spec, { ...onceAt(runAt), [runAtHeader]: runAt })
}

/** Likewise. Terminal BAD_SCHEDULE. */
export async function enqueueRecurring(messaging: Messaging, spec: JobSpec): Promise<void> {
  if (spec.recurrence !== undefined) await schedule(messaging, spec, onRecurrence(spec.recurrence))
}

async function schedule(messaging: Messaging, spec: JobSpec, when: Record<string, string>): Promise<void> {
  const ticket = randomUUID()
  const target = queueSubject(spec.kind, spec.priority, spec.id)
  const headers = { ...when, [scheduleHeaders.target]: target, [ticketHeader]: ticket }
  try {
    await messaging.send(scheduleSubject(spec.id), bodyOf(spec), { id: ticket, template: 'job.at.{id}', headers })
  } catch (thrown) {
    throw badSchedule(toFailure(thrown)) ?? thrown
  }
}

/** What was scheduled comes no more. */
export async function unschedule(messaging: Messaging, id: string): Promise<void> {
  await messaging.send(voidSubject(id), new Uint8Array(), {
    template: 'job.void.{id}',
    headers: {
      [scheduleHeaders.scheduler]: scheduleSubject(id),
      [scheduleHeaders.next]: 'purge',
      [scheduleHeaders.ttl]: '1s',
    },
  })
}

export interface QueuedJob {
  spec: JobSpec
  ticket: Ticket
  /** Of a recurring job: when the next tick comes, ISO 8601. */
  nextTick?: string
}

/** undefined for what is no job, or one for another queue. */
export function readQueued({ data, headers, subject }: Work): QueuedJob | undefined {
  const spec = parse(data)
  const ticket = headers.get(ticketHeader)
  if (spec === undefined || ticket === undefined) return undefined
  if (subject !== queueSubject(spec.kind, spec.priority, spec.id)) return undefined
  const replayedFrom = headers.get(replayedHeader)
  const nextTick = readNextTick((name) => headers.get(name))
  return {
    spec,
    ticket: {
      claim: [ticket, nextTick, replayedFrom].filter((part) => part !== undefined).join('/'),
      scheduledFor: headers.get(runAtHeader),
      replayed: replayedFrom !== undefined,
    },
    nextTick,
  }
}

/** undefined for what no recurrence has sent. */
export function readNextTick(header: (name: string) => string | undefined): string | undefined {
  const next = Date.parse(header(scheduleHeaders.next) ?? '')
  return Number.isNaN(next) ? undefined : new Date(next).toISOString()
}

function parse(data: Uint8Array): JobSpec | undefined {
  try {
    const spec = JSON.parse(new TextDecoder().decode(data)) as Partial<JobSpec> | null
    const complete =
      typeof spec?.id === 'string' &&
      typeof spec.kind === 'string' &&
      typeof spec.priority === 'number' &&
      typeof spec.attempts === 'number' &&
      typeof spec.timeoutMs === 'number' &&
      spec.backoff !== undefined &&
      spec.keep !== undefined
    return complete ? (spec as JobSpec) : undefined
  } catch {
    // Whatever the parser objects to, the answer is the same.
    return undefined
  }
}
