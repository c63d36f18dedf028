/**
 * How a vehicle is used: distance and engine hours a day, from its own readings, in constant memory. Invariants:
 * 1. A reading that is older or smaller than the last one adds nothing; an instrument that was replaced is followed from anew.
 * 2. The rate is a mean over days, not over hours: a vehicle that rests at night is not measured by what it does at noon.
 * 3. One unusual day moves the rate by no more than `clipSpreads` spreads of its usual days.
 */

export interface Usage {
  distance?: Counter
  engineHours?: Counter
}

/** Of one instrument: kilometres or hours. */
export interface Counter {
  first: number
  firstMs: number
  last: number
  lastMs: number
  /** Where the day under way began. */
  markValue: number
  markMs: number
  /** Days behind the rate. */
  days: number
  perDay: number
  /** Mean absolute deviation of days from the rate. */
  scatter: number
}

export interface UsageReading {
  km?: { value: number; atMs: number }
  engineHours?: { value: number; atMs: number }
}

export const dayMs = 86_400_000
/** Readings come about hourly; with less than this between two of them the day goes on. */
const leastDay = 20 / 24
/** A month of days weighs as much as all before it. */
const tauDays = 30
const clipSpreads = 3
/** Days after which there is a usual one. */
const knownDays = 5
/** Of the rate, however regular the days: the year has seasons. */
const leastDoubt = 0.05
/** No vehicle does more in a day: what says so is another instrument. */
const mostPerDay = { distance: 2_500, engineHours: 24.5 }

export function advanceUsage(usage: Usage | undefined, { km, engineHours }: UsageReading): Usage {
  const next: Usage = { ...usage }
  if (km !== undefined) next.distance = advance(usage?.distance, km.value, km.atMs, mostPerDay.distance)
  if (engineHours !== undefined)
    next.engineHours = advance(usage?.engineHours, engineHours.value, engineHours.atMs, mostPerDay.engineHours)
  return next
}

const begin = (value: number, atMs: number): Counter => ({
  first: value,
  firstMs: atMs,
  last: value,
  lastMs: atMs,
  markValue: value,
  markMs: atMs,
  days: 0,
  perDay: 0,
  scatter: 0,
})

function advance(counter: Counter | undefined, value: number, atMs: number, most: number): Counter {
  if (counter === undefined) return begin(value, atMs)
  if (atMs <= counter.lastMs) return counter
  const elapsed = (atMs - counter.lastMs) / dayMs
  if (value < counter.last || value - counter.last > most * Math.max(elapsed, 1))
    return { ...counter, last: value, lastMs: atMs, markValue: value, markMs: atMs }
  const next = { ...counter, last: value, lastMs: atMs }
  const days = (atMs - counter.markMs) / dayMs
  return days < leastDay ? next : endDay(next, days)
}

function endDay(counter: Counter, days: number): Counter {
  const { last, lastMs, markValue, perDay, scatter } = counter
  const seen = (last - markValue) / days
  const spread = Math.max(1.25 * scatter, 0.1 * perDay)
  const believed =
    counter.days < knownDays
      ? seen
      : Math.min(Math.max(seen, perDay - clipSpreads * spread), perDay + clipSpreads * spread)
  const weight = days / (Math.min(counter.days, tauDays) + days)
  return {
    ...counter,
    markValue: last,
    markMs: lastMs,
    days: counter.days + days,
    perDay: perDay + weight * (believed - perDay),
    // Of the first day nothing is known but itself.
    scatter: counter.days === 0 ? seen / 2 : scatter + weight * (Math.abs(believed - perDay) - scatter),
  }
}

/** Days until so much more is on the instrument, with a 90 % interval; undefined while the rate is unknown or nothing moves. */
export function daysUntil(
  counter: Counter,
  remaining: number,
): { lower: number; median: number; upper: number } | undefined {
  const { days, perDay, scatter } = counter
  if (days < leastDay || perDay <= 0) return undefined
  const median = remaining / perDay
  const lasting = Math.max(Math.abs(median), 1)
  // Of a mean over the days to come, and of the rate as it is known.
  const deviation = 1.25 * scatter * Math.sqrt(1 / (lasting + 1) + 1 / (Math.min(days, 2 * tauDays) + 1))
  const off = 1.645 * Math.max(deviation, leastDoubt * perDay)
  if (remaining <= 0) return { lower: median, median, upper: median }
  return { lower: remaining / (perDay + off), median, upper: remaining / Math.max(perDay - off, perDay / 4) }
}
