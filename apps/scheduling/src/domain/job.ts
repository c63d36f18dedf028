import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { hour, minute } from './interval.ts'
import { hasteOf } from './urgency.ts'

const grain = 30 * minute
const longestHours = 24
export const dayParts: readonly string[] = ['morning', 'afternoon']

/** Time the job needs the bay, milliseconds: labour rounded up to half hours. */
export function durationOf(job: scheduling.Job): number {
  return Math.max(grain, Math.ceil((job.labourHours * hour) / grain) * grain)
}

/** @throws Terminal BAD_JOB */
export function checkedJob(job: scheduling.Job | undefined): scheduling.Job {
  if (job === undefined) throw badJob('job is missing; expected urgency, skill and labour_hours')
  hasteOf(job.urgency)
  if (job.skill === '') throw badJob('job.skill is empty; expected what a technician must know, such as "engine"')
  if (!(job.labourHours > 0 && job.labourHours <= longestHours)) {
    throw badJob(`job.labour_hours is ${job.labourHours}; expected more than 0 and at most ${longestHours}`)
  }
  return job
}

/** A missing preference is one without wishes. @throws Terminal BAD_PREFERENCE */
export function checkedPreference(preference: scheduling.Preference | undefined): scheduling.Preference {
  if (preference === undefined) return { dayParts: [], weekdays: [], centreId: '', refusedSlotIds: [] }
  const { notBefore, notAfter } = preference
  for (const [field, value] of Object.entries({ not_before: notBefore, not_after: notAfter })) {
    if (value !== undefined && Number.isNaN(Date.parse(value))) {
      throw badPreference(`preference.${field} is "${value}"; expected a time such as 2026-11-23T09:00:00Z`)
    }
  }
  if (notBefore !== undefined && notAfter !== undefined && Date.parse(notBefore) >= Date.parse(notAfter)) {
    throw badPreference(`preference.not_before ${notBefore} is not earlier than not_after ${notAfter}`)
  }
  const oddPart = preference.dayParts.find((part) => !dayParts.includes(part))
  if (oddPart !== undefined)
    throw badPreference(`preference.day_parts has "${oddPart}"; expected ${dayParts.join(' or ')}`)
  const oddDay = preference.weekdays.find((weekday) => !isWeekday(weekday))
  if (oddDay !== undefined) throw badPreference(`preference.weekdays has ${oddDay}; expected 1 (Monday) to 7 (Sunday)`)
  return preference
}

export function isWeekday(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 7
}

function badJob(message: string): Terminal {
  return new Terminal('BAD_JOB', message, { hint: 'correct the job and ask again' })
}

function badPreference(message: string): Terminal {
  return new Terminal('BAD_PREFERENCE', message, { hint: 'correct the preference, or leave it out' })
}
