import { describe, expect, test } from '@jest/globals'
import { centre } from './builders.ts'
import { day } from './interval.ts'
import { workingIntervals } from './opening-hours.ts'

const iso = (intervals: { start: number; end: number }[]) =>
  intervals.map(({ start, end }) => `${new Date(start).toISOString().slice(5, 16)} ${(end - start) / 3_600_000} h`)
const from = (start: string, days: number) => ({ start: Date.parse(start), end: Date.parse(start) + days * day })

describe('opening hours', () => {
  test('L5 are wall clock: 08:00 is another instant after the clocks change', () => {
    const daily = centre({
      timeZone: 'Europe/Berlin',
      openingHours: [6, 7, 1].map((weekday) => ({ weekday, opens: '08:00', closes: '12:00' })),
    })
    expect(iso(workingIntervals(daily, from('2026-10-24T00:00:00Z', 3)))).toEqual([
      '10-24T06:00 4 h',
      '10-25T07:00 4 h',
      '10-26T07:00 4 h',
    ])
  })

  test('L5 a shift across the change is an hour shorter in spring and longer in autumn', () => {
    const night = centre({
      timeZone: 'America/New_York',
      openingHours: [{ weekday: 7, opens: '00:00', closes: '06:00' }],
    })
    expect(iso(workingIntervals(night, from('2026-03-08T00:00:00Z', 1)))).toEqual(['03-08T05:00 5 h'])
    expect(iso(workingIntervals(night, from('2026-11-01T00:00:00Z', 1)))).toEqual(['11-01T04:00 7 h'])
  })

  test('L5 an opening that the change of clocks skips begins right after it', () => {
    const early = centre({ timeZone: 'Europe/Berlin', openingHours: [{ weekday: 7, opens: '02:30', closes: '06:00' }] })
    expect(iso(workingIntervals(early, from('2026-03-29T00:00:00Z', 1)))).toEqual(['03-29T01:30 2.5 h'])
  })

  test('L5 shifts of a day that touch are one, a lunch break parts them, 24:00 joins the next day', () => {
    const hours = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes })
    const shifts = centre({
      timeZone: 'UTC',
      openingHours: [
        hours(1, '13:00', '18:00'),
        hours(1, '08:00', '12:00'),
        hours(1, '18:00', '24:00'),
        hours(2, '00:00', '02:00'),
      ],
    })
    expect(iso(workingIntervals(shifts, from('2026-11-23T00:00:00Z', 2)))).toEqual([
      '11-23T08:00 4 h',
      '11-23T13:00 13 h',
    ])
  })

  test('L5 a zone far ahead of UTC has its own today', () => {
    const auckland = centre({
      timeZone: 'Pacific/Auckland',
      openingHours: [{ weekday: 1, opens: '08:00', closes: '09:00' }],
    })
    expect(iso(workingIntervals(auckland, from('2026-11-22T18:30:00Z', 1)))).toEqual(['11-22T19:00 1 h'])
  })
})
