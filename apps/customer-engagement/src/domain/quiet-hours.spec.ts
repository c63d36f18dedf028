import { describe, expect, test } from '@jest/globals'
import { Temporal } from 'temporal-polyfill'
import { quietUntil, type QuietHours } from './quiet-hours.ts'

const at = (zoned: string) => Temporal.ZonedDateTime.from(zoned).epochMilliseconds
const nightly: QuietHours = { from: '21:00', until: '08:00' }

function ends(zoned: string, quiet: QuietHours): string | undefined {
  const zone = Temporal.ZonedDateTime.from(zoned).timeZoneId
  const end = quietUntil(at(zoned), zone, quiet)
  return end === undefined ? undefined : Temporal.Instant.fromEpochMilliseconds(end).toZonedDateTimeISO(zone).toString()
}

describe('N7 quiet hours', () => {
  test.each([
    ['2026-11-20T20:59:59-03:00[America/Sao_Paulo]', undefined],
    ['2026-11-20T21:00:00-03:00[America/Sao_Paulo]', '2026-11-21T08:00:00-03:00[America/Sao_Paulo]'],
    ['2026-11-20T23:59:59-03:00[America/Sao_Paulo]', '2026-11-21T08:00:00-03:00[America/Sao_Paulo]'],
    ['2026-11-21T00:00:00-03:00[America/Sao_Paulo]', '2026-11-21T08:00:00-03:00[America/Sao_Paulo]'],
    ['2026-11-21T07:59:59-03:00[America/Sao_Paulo]', '2026-11-21T08:00:00-03:00[America/Sao_Paulo]'],
    ['2026-11-21T08:00:00-03:00[America/Sao_Paulo]', undefined],
  ])('N7 run over midnight: %s', (now, end) => {
    expect(ends(now, nightly)).toBe(end)
  })

  test('N7 within one day hold between their two times only', () => {
    const siesta = { from: '13:00', until: '15:00' }
    expect(ends('2026-11-20T12:59:00+01:00[Europe/Madrid]', siesta)).toBeUndefined()
    expect(ends('2026-11-20T13:00:00+01:00[Europe/Madrid]', siesta)).toBe('2026-11-20T15:00:00+01:00[Europe/Madrid]')
    expect(ends('2026-11-20T15:00:00+01:00[Europe/Madrid]', siesta)).toBeUndefined()
  })

  test('N7 of two equal times are none', () => {
    expect(ends('2026-11-20T00:00:00+01:00[Europe/Madrid]', { from: '00:00', until: '00:00' })).toBeUndefined()
  })

  test('N7 end on the wall clock though the night is an hour shorter or longer', () => {
    expect(ends('2026-03-28T22:00:00+01:00[Europe/Berlin]', nightly)).toBe('2026-03-29T08:00:00+02:00[Europe/Berlin]')
    expect(ends('2026-10-24T22:00:00+02:00[Europe/Berlin]', nightly)).toBe('2026-10-25T08:00:00+01:00[Europe/Berlin]')
  })

  test('N7 whose end the clock jumps over end with the jump', () => {
    const early = { from: '21:00', until: '02:30' }
    expect(ends('2026-03-29T01:30:00+01:00[Europe/Berlin]', early)).toBe('2026-03-29T03:00:00+02:00[Europe/Berlin]')
  })

  test('N7 whose end comes twice end with the second', () => {
    const early = { from: '21:00', until: '02:30' }
    expect(ends('2026-10-25T01:30:00+02:00[Europe/Berlin]', early)).toBe('2026-10-25T02:30:00+01:00[Europe/Berlin]')
    expect(ends('2026-10-25T02:10:00+01:00[Europe/Berlin]', early)).toBe('2026-10-25T02:30:00+01:00[Europe/Berlin]')
  })

  test('N7 end later than now and not inside themselves, at any minute of days on which the clock changes', () => {
    for (const quiet of [nightly, { from: '01:30', until: '02:15' }, { from: '23:45', until: '02:45' }]) {
      for (const day of ['2026-03-28T12:00[Europe/Berlin]', '2026-10-24T12:00[Europe/Berlin]']) {
        const start = at(day)
        for (let minute = 0; minute < 24 * 60; minute += 7) {
          const now = start + minute * 60_000
          const end = quietUntil(now, 'Europe/Berlin', quiet)
          if (end === undefined) continue
          expect(end).toBeGreaterThan(now)
          expect(quietUntil(end, 'Europe/Berlin', quiet)).toBeUndefined()
        }
      }
    }
  })
})
