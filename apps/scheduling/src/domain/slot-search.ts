/**
 * Which times a job could have, best first.
 *
 * A candidate starts every 30 minutes from a centre's opening, ends before it closes, and has a bay and a skilled
 * technician free for all of it. Its cost is hours of waiting plus what each wish it does not keep is worth at this
 * urgency. Refused slots and times before `not_before` are never offered. When the urgency's window has nothing left the
 * search goes on further ahead, then past `not_after`: a late slot is better than none.
 */
import type { scheduling } from '@pitcrew/contracts'
import { freeCrew, isSkilled, type CentreCapacity, type Crew } from './capacity.ts'
import { hour, minute, type Interval } from './interval.ts'
import { durationOf } from './job.ts'
import { workingIntervals, zoned } from './opening-hours.ts'
import { slotId } from './slot.ts'
import { hasteOf, widerWindows, windowOf, type Haste } from './urgency.ts'

const step = 30 * minute

export interface SlotSearch {
  job: scheduling.Job
  preference: scheduling.Preference
  now: number
}

export interface Candidate extends Crew {
  centre: scheduling.Centre
  span: Interval
  /** Hours; less is better. */
  cost: number
}

/** All free candidates of the first window that has any, by cost; empty when there is none up to the horizon. */
export function searchSlots(search: SlotSearch, capacities: readonly CentreCapacity[]): Candidate[] {
  const haste = hasteOf(search.job.urgency)
  const { notBefore, notAfter } = search.preference
  const windows = [windowOf(haste, search.now), ...widerWindows(search.now)]
  const wished = windows.map((window) => narrow(window, notBefore, notAfter))
  const regardlessOfEnd = notAfter === undefined ? [] : windows.slice(1).map((window) => narrow(window, notBefore))
  for (const window of [...wished, ...regardlessOfEnd]) {
    const found = capacities.flatMap((capacity) => [...candidatesIn(window, capacity, search, haste)])
    if (found.length > 0) return found.sort(byCost)
  }
  return []
}

/** The crew for one given start, or why there is none: `closed` (outside opening hours) or `taken`. */
export function crewAt(capacity: CentreCapacity, job: scheduling.Job, start: number): Crew | 'closed' | 'taken' {
  const span = { start, end: start + durationOf(job) }
  const isOpen = workingIntervals(capacity.centre, span).some(
    (open) => open.start <= span.start && span.end <= open.end,
  )
  return isOpen ? (freeCrew(capacity, job.skill, span) ?? 'taken') : 'closed'
}

function* candidatesIn(
  window: Interval,
  capacity: CentreCapacity,
  search: SlotSearch,
  haste: Haste,
): Generator<Candidate> {
  const { centre } = capacity
  if (window.start >= window.end || !centre.technicians.some((one) => isSkilled(one, search.job.skill))) return
  const duration = durationOf(search.job)
  const refused = new Set(search.preference.refusedSlotIds)
  for (const open of workingIntervals(centre, window)) {
    for (let start = open.start; start + duration <= open.end; start += step) {
      if (start < window.start || start > window.end || refused.has(slotId({ centreId: centre.centreId, start })))
        continue
      const span = { start, end: start + duration }
      const crew = freeCrew(capacity, search.job.skill, span)
      if (crew !== undefined) yield { ...crew, centre, span, cost: costOf(start, centre, search, haste) }
    }
  }
}

function costOf(start: number, centre: scheduling.Centre, { preference, now }: SlotSearch, { worth }: Haste): number {
  const { dayParts, weekdays, centreId } = preference
  let cost = (start - now) / hour
  if (centreId !== '' && centreId !== centre.centreId) cost += worth.centre
  // The wall clock is asked only when somebody cares: converting zones is most of what a search costs.
  if (dayParts.length === 0 && weekdays.length === 0) return cost
  const local = zoned(start, centre.timeZone)
  if (dayParts.length > 0 && !dayParts.includes(local.hour < 12 ? 'morning' : 'afternoon')) cost += worth.dayPart
  if (weekdays.length > 0 && !weekdays.includes(local.dayOfWeek)) cost += worth.weekday
  return cost
}

function narrow(window: Interval, notBefore?: string, notAfter?: string): Interval {
  return {
    start: Math.max(window.start, notBefore === undefined ? -Infinity : Date.parse(notBefore)),
    end: Math.min(window.end, notAfter === undefined ? Infinity : Date.parse(notAfter)),
  }
}

function byCost(a: Candidate, b: Candidate): number {
  return a.cost - b.cost || a.span.start - b.span.start || a.centre.centreId.localeCompare(b.centre.centreId)
}
