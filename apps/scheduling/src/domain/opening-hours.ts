/**
 * A centre's week on the wall clock, as intervals of real time.
 *
 * Opening hours are what the clock on the centre's wall says. On the day the clocks change the same 08:00 is another
 * instant, and a shift across the change is an hour shorter or longer; so each day is converted by itself.
 */
import type { scheduling } from '@pitcrew/contracts'
import { Temporal } from 'temporal-polyfill'
import { merge, type Interval } from './interval.ts'

type Week = Pick<scheduling.Centre, 'timeZone' | 'openingHours'>

/** All working intervals that touch `range`, whole (not clipped to it), merged and in order. */
export function workingIntervals(centre: Week, range: Interval): Interval[] {
  const found: Interval[] = []
  let date = zoned(range.start, centre.timeZone).toPlainDate()
  for (;;) {
    const midnight = instantOf(date, '00:00', centre.timeZone)
    if (midnight >= range.end) return merge(found)
    for (const hours of centre.openingHours) {
      if (hours.weekday !== date.dayOfWeek) continue
      const open = {
        start: instantOf(date, hours.opens, centre.timeZone),
        end: instantOf(date, hours.closes, centre.timeZone),
      }
      if (open.start < open.end && open.end > range.start && open.start < range.end) found.push(open)
    }
    date = date.add({ days: 1 })
  }
}

export function zoned(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
}

/** `clock` is "00:00" to "24:00". A time that the change of clocks skips is the one just after it; a doubled one the first. */
function instantOf(date: Temporal.PlainDate, clock: string, timeZone: string): number {
  if (clock === '24:00') return instantOf(date.add({ days: 1 }), '00:00', timeZone)
  return date.toPlainDateTime(Temporal.PlainTime.from(clock)).toZonedDateTime(timeZone).epochMilliseconds
}
