import { describe, expect, test } from '@jest/globals'
import { createCalendar, fromHourOfWeek, fromTimeOfDay, visitCalendar } from './calendar.ts'

const minute = 60_000
const day = 24 * 60 * minute
const monday = Date.UTC(2026, 0, 5)
const tuning = { dayPace: 0.1, weekPace: 0.3 }

/** The hour of the day, at the rate of `intervalMs`. */
function hours(days: number, intervalMs: number) {
  const calendar = createCalendar()
  for (let at = monday; at < monday + days * day; at += intervalMs)
    visitCalendar(calendar, at, Math.floor((at % day) / (60 * minute)), tuning)
  return calendar
}

describe('N3 the calendar of a signal', () => {
  test.each([1, 5, 30])('knows the time of day after two days, at one value in %i min', (minutes) => {
    const calendar = hours(2, minutes * minute)
    visitCalendar(calendar, monday + 2 * day + 13.6 * 60 * minute, 20, tuning)
    expect(fromTimeOfDay(calendar, 20)).toBeCloseTo(7)
    expect(fromHourOfWeek(calendar, 20)).toBeNaN()
  })

  test('says nothing of the time of day after one, and knows the hour of the week after a week', () => {
    const one = hours(1, 5 * minute)
    visitCalendar(one, monday + day, 20, tuning)
    expect(fromTimeOfDay(one, 20)).toBeNaN()
    const week = hours(7, 5 * minute)
    visitCalendar(week, monday + 7 * day + 60 * minute, 20, tuning)
    expect(fromHourOfWeek(week, 20)).toBeCloseTo(19)
  })

  test('does not compare a visit with itself', () => {
    const calendar = hours(2, 5 * minute)
    for (let minutes = 0; minutes < 30; minutes += 5)
      visitCalendar(calendar, monday + 2 * day + minutes * minute, 50, tuning)
    expect(fromTimeOfDay(calendar, 50)).toBeCloseTo(50)
  })

  test('has slots before 1970, and none at a time that is not one', () => {
    const calendar = createCalendar()
    expect(visitCalendar(calendar, -5 * day - minute, 1, tuning)).toBe(true)
    expect(fromTimeOfDay(calendar, 1)).toBeNaN()
    expect(visitCalendar(calendar, NaN, 1, tuning)).toBe(false)
    expect(visitCalendar(calendar, 1e300, 1, tuning)).toBe(false)
  })
})
