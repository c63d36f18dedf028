/** How soon each urgency wants the workshop, and how long it would wait for a time that the customer likes better. */
import { vehicle } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { day, hour, type Interval } from './interval.ts'

export interface Haste {
  /** Earliest start from now. Later for the less urgent, so that tomorrow's bays stay free for those that cannot wait. */
  leadMs: number
  /** Latest start from now, while there is any free slot before it. */
  withinMs: number
  /** Hours of delay that one kept wish is worth. */
  worth: { dayPart: number; weekday: number; centre: number }
  /** Least time between two alternatives of one offer, while there is a choice. */
  spreadMs: number
}

const { CRITICAL, HIGH, MEDIUM, LOW } = vehicle.Urgency

const hastes: Partial<Record<vehicle.Urgency, Haste>> = {
  [CRITICAL]: { leadMs: 2 * hour, withinMs: 3 * day, worth: { dayPart: 3, weekday: 4, centre: 2 }, spreadMs: 2 * hour },
  [HIGH]: { leadMs: 4 * hour, withinMs: 3 * day, worth: { dayPart: 12, weekday: 24, centre: 24 }, spreadMs: 4 * hour },
  [MEDIUM]: { leadMs: day, withinMs: 14 * day, worth: { dayPart: 96, weekday: 168, centre: 168 }, spreadMs: 20 * hour },
  [LOW]: {
    leadMs: 2 * day,
    withinMs: 30 * day,
    worth: { dayPart: 240, weekday: 336, centre: 336 },
    spreadMs: 44 * hour,
  },
}

/** Nothing is offered further ahead than this. */
export const horizonMs = 60 * day
/** Nobody can be in a workshop sooner than this. */
const shortestLeadMs = 2 * hour

/** @throws Terminal BAD_JOB for an urgency that nobody assessed */
export function hasteOf(urgency: vehicle.Urgency): Haste {
  const haste = hastes[urgency]
  if (haste !== undefined) return haste
  throw new Terminal('BAD_JOB', `job.urgency is ${urgency}; expected one of ${Object.keys(hastes).join(', ')}`, {
    hint: 'assess the urgency before asking for a slot',
  })
}

export function windowOf(haste: Haste, now: number): Interval {
  return { start: now + haste.leadMs, end: now + haste.withinMs }
}

export function horizonOf(now: number): Interval {
  return { start: now + shortestLeadMs, end: now + horizonMs }
}

/** Where to look when the window of the urgency is full: ever further ahead, up to the horizon. */
export function widerWindows(now: number): Interval[] {
  return [7, 14, 28, horizonMs / day].map((days) => ({ start: now + shortestLeadMs, end: now + days * day }))
}
