/** Times and recurrences as the broker is told them (nats-server ADR-51: `Nats-Schedule`). */
import { Terminal } from '@pitcrew/errors'
import type { Recurrence } from './job.ts'

export const scheduleHeaders = {
  schedule: 'Nats-Schedule',
  target: 'Nats-Schedule-Target',
  timeZone: 'Nats-Schedule-Time-Zone',
  /** On what a schedule delivers, and on what takes one away: the subject of the schedule. */
  scheduler: 'Nats-Scheduler',
  /** The tick after this one, RFC 3339; "purge": there is none. */
  next: 'Nats-Schedule-Next',
  ttl: 'Nats-TTL',
} as const

export interface Recurring {
  /**
   * Five fields (minute, hour, day of month, month, day of week), six (seconds first), or @hourly, @daily, @weekly, @monthly,
   * @yearly.
   */
  cron?: string
  /** IANA name, "Europe/Berlin"; default UTC. */
  timeZone?: string
  /** At least a second. */
  everyMs?: number
  /** A tick comes while the run of an earlier one has not ended: run it too. Default: it is left out. */
  overlap?: boolean
  /** Run the ticks that nobody took in time, one by one. Default: only the last. */
  catchUp?: boolean
}

const aliases = ['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually']

/** undefined when it does not recur. Terminal BAD_SCHEDULE. */
export function recurrenceOf(recurring: Recurring): Recurrence | undefined {
  const { cron, timeZone = 'UTC', everyMs, overlap = false, catchUp = false } = recurring
  if (cron !== undefined && everyMs !== undefined) refuse('a job has both cron and everyMs', 'leave one of them out')
  if (everyMs !== undefined) {
    if (!Number.isInteger(everyMs) || everyMs < 1_000)
      refuse(`everyMs is ${everyMs}`, 'give whole milliseconds from 1000')
    return { everyMs, overlap, catchUp }
  }
  if (cron === undefined) return undefined
  return { cron: sixFields(cron), timeZone, overlap, catchUp }
}

function sixFields(cron: string): string {
  const fields = cron.trim().split(/\s+/)
  if (fields.length === 6 || (fields.length === 1 && aliases.includes(cron))) return fields.join(' ')
  if (fields.length === 5) return ['0', ...fields].join(' ')
  return refuse(`${JSON.stringify(cron)} is no cron expression`, 'give five or six fields, such as "0 3 * * *"')
}

export const onceAt = (runAt: string): Record<string, string> => ({ [scheduleHeaders.schedule]: `@at ${runAt}` })

export function onRecurrence(recurrence: Recurrence): Record<string, string> {
  if ('everyMs' in recurrence) return { [scheduleHeaders.schedule]: `@every ${recurrence.everyMs}ms` }
  return {
    [scheduleHeaders.schedule]: recurrence.cron,
    [scheduleHeaders.timeZone]: recurrence.timeZone,
  }
}

/** nats-server: message schedules pattern, time zone, ... is invalid. */
const scheduleRefusals = [10_189, 10_190, 10_191, 10_192, 10_223]

export function badSchedule(thrown: { details?: Record<string, unknown>; message: string }): Terminal | undefined {
  if (!scheduleRefusals.includes(Number(thrown.details?.['err_code']))) return undefined
  return new Terminal('BAD_SCHEDULE', `the broker refuses the schedule: ${thrown.message}`, {
    cause: thrown,
    hint: 'check the fields of the cron expression and the name of the time zone',
  })
}

export function refuse(message: string, hint: string): never {
  throw new Terminal('BAD_SCHEDULE', message, { hint })
}
