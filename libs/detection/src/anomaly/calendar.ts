/**
 * Owns what a signal is usually like at a time of day and at an hour of the week (UTC), for signals that are seen often enough.
 *
 * 1. A slot learns once a visit, the mean of what was seen in it, whatever the rate of the signal; the visit under way is
 *    never compared with itself.
 * 2. A slot says nothing (NaN) before it was visited often enough.
 * 3. Its size is fixed: 48 slots of a day, 168 of a week.
 */
export interface Calendar {
  /** Half hours since 1970 of the visit under way; null before the first. */
  visit: number | null
  visitMean: number
  visitCount: number
  dayMeans: number[]
  dayVisits: number[]
  weekMeans: number[]
  weekVisits: number[]
}

export interface CalendarTuning {
  /** Share of a new visit in what a slot remembers, once it has had more visits than that is worth. */
  dayPace: number
  weekPace: number
}

const halfHourMs = 1_800_000
const daySlots = 48
const weekSlots = 168
const visitsBeforeDay = 2
const visitsBeforeWeek = 1
const countedVisits = 99

const zeros = (length: number): number[] => new Array<number>(length).fill(0)

export const createCalendar = (): Calendar => ({
  visit: null,
  visitMean: 0,
  visitCount: 0,
  dayMeans: zeros(daySlots),
  dayVisits: zeros(daySlots),
  weekMeans: zeros(weekSlots),
  weekVisits: zeros(weekSlots),
})

/** Opens a visit when the time calls for it. A time that is not one leaves all as it is and answers false. */
export function visitCalendar(calendar: Calendar, timeMs: number, value: number, tuning: CalendarTuning): boolean {
  const visit = Math.floor(timeMs / halfHourMs)
  if (!Number.isSafeInteger(visit)) return false
  if (visit !== calendar.visit) {
    if (calendar.visit !== null) closeVisit(calendar, calendar.visit, tuning)
    calendar.visit = visit
    calendar.visitMean = 0
    calendar.visitCount = 0
  }
  calendar.visitMean += (value - calendar.visitMean) / ++calendar.visitCount
  return true
}

function closeVisit(calendar: Calendar, visit: number, { dayPace, weekPace }: CalendarTuning): void {
  learn(calendar.dayMeans, calendar.dayVisits, daySlot(visit), calendar.visitMean, dayPace)
  learn(calendar.weekMeans, calendar.weekVisits, weekSlot(visit), calendar.visitMean, weekPace)
}

function learn(means: number[], visits: number[], slot: number, mean: number, pace: number): void {
  const count = Math.min(visits[slot]! + 1, countedVisits)
  visits[slot] = count
  means[slot]! += Math.max(1 / count, pace) * (mean - means[slot]!)
}

export function fromTimeOfDay({ visit, dayMeans, dayVisits }: Calendar, value: number): number {
  const slot = daySlot(visit!)
  return dayVisits[slot]! < visitsBeforeDay ? NaN : value - dayMeans[slot]!
}

export function fromHourOfWeek({ visit, weekMeans, weekVisits }: Calendar, value: number): number {
  const slot = weekSlot(visit!)
  return weekVisits[slot]! < visitsBeforeWeek ? NaN : value - weekMeans[slot]!
}

const daySlot = (visit: number): number => wrapped(visit, daySlots)
const weekSlot = (visit: number): number => wrapped(Math.floor(visit / 2), weekSlots)
const wrapped = (number: number, size: number): number => ((number % size) + size) % size
