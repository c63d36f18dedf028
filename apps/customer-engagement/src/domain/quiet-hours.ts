import { Temporal } from 'temporal-polyfill'

/** Wall clock of the recipient, "HH:MM". `from` later than `until` runs over midnight; equal times mean none. */
export interface QuietHours {
  from: string
  until: string
}

/**
 * When the quiet hours that hold at `now` end, or undefined when nobody sleeps. Milliseconds since the epoch, both.
 *
 * Days on which the clock changes: an end that the clock jumps over is the moment of the jump, and an end that occurs twice
 * is its second occurrence, so that nobody is woken by an hour that repeats.
 */
export function quietUntil(now: number, timeZone: string, quiet: QuietHours): number | undefined {
  const from = Temporal.PlainTime.from(quiet.from)
  const until = Temporal.PlainTime.from(quiet.until)
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone)
  const today = here.toPlainDate()
  const afterFrom = Temporal.PlainTime.compare(here.toPlainTime(), from) >= 0
  const beforeUntil = Temporal.PlainTime.compare(here.toPlainTime(), until) < 0

  switch (Temporal.PlainTime.compare(from, until)) {
    case -1:
      return afterFrom && beforeUntil ? endOn(today, until, timeZone) : undefined
    case 1:
      if (afterFrom) return endOn(today.add({ days: 1 }), until, timeZone)
      return beforeUntil ? endOn(today, until, timeZone) : undefined
    default:
      return undefined
  }
}

function endOn(date: Temporal.PlainDate, until: Temporal.PlainTime, timeZone: string): number {
  const end = date.toPlainDateTime(until).toZonedDateTime(timeZone, { disambiguation: 'later' })
  const jumpedOver = !end.toPlainTime().equals(until)
  const moment = jumpedOver ? (end.getTimeZoneTransition('previous') ?? end) : end
  return moment.epochMilliseconds
}
