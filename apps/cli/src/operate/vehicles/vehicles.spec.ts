import { describe, expect, test } from '@jest/globals'
import { history, quarantine } from '@pitcrew/contracts'
import { sparkline } from '../../print/sparkline.ts'
import { entryText } from '../quarantine/quarantine.ts'
import { historyText } from './vehicles.ts'

const start = Date.UTC(2026, 10, 20, 12)
const point = (minute: number, mean: number) => ({
  startMs: start + minute * 60_000,
  min: mean - 1,
  max: mean + 1,
  mean,
  last: mean,
  count: 60,
})
const answer = (...series: [string, string, ...ReturnType<typeof point>[]][]) =>
  history.GetSignalHistoryResponse.fromPartial({
    vehicleId: 'v1',
    level: history.HistoryLevel.MINUTE,
    resolutionMs: 60_000,
    series: series.map(([path, unit, ...points]) => ({ path, unit, points })),
  })

describe('N9 what vehicles told, for people', () => {
  test('L1 one signal: a line that shows its course, and every point', () => {
    const text = historyText(answer(['Vehicle.Speed', 'km/h', point(0, 10), point(1, 50), point(3, 90)]))
    expect(text).toContain('Vehicle.Speed, km/h\n▁▅ █\n')
    expect(text).toMatch(/2026-11-20T12:01:00.000Z +49 +50 +51 +50 +60/)
    expect(text).toContain('1 min a bucket, from minutes')
  })

  test('L1 several signals: a line each, with the mean weighed by count', () => {
    const text = historyText(answer(['A', 'V', point(0, 12), { ...point(1, 14), count: 180 }], ['B', '', point(0, 1)]))
    expect(text).toMatch(/A +V +11 +13\.5 +15 +14 +240 +▁█/)
    expect(text).toMatch(/B +0 +1 +2 +1 +60 +▄/)
    expect(historyText(answer(['A', 'V']))).toMatch(/^v1 told nothing of this in the range;/)
  })

  test('a course of any length fits a line', () => {
    const points = Array.from({ length: 500 }, (_, i) => point(i, i))
    const [, course] = historyText(answer(['A', '', ...points])).split('\n')
    expect(course!.length).toBeLessThanOrEqual(60)
    expect(sparkline([1, undefined, 1])).toBe('▄ ▄')
  })

  test('N2 a quarantined frame shows readings, codes and bytes with the reasons', () => {
    const text = entryText(
      quarantine.QuarantineEntry.fromPartial({
        entryId: 'quarantine:1',
        vehicleId: 'v1',
        count: 2,
        lastSeenMs: 1_000,
        frame: {
          readings: [{ name: 'Vehicle.Mood', value: 3, unit: 'smile' }],
          hasDtcs: true,
          dtcs: ['P0217'],
          can: [{ id: 0x18feee00, data: Buffer.from('ff7d', 'hex') }],
        },
        refusals: [{ name: 'Vehicle.Mood', code: 'UNKNOWN_SIGNAL', message: 'no such signal' }],
      }),
    )
    expect(text).toMatch(/2 times, 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:01.000Z/)
    expect(text).toMatch(/Vehicle.Mood +UNKNOWN_SIGNAL +no such signal/)
    expect(text).toMatch(/Vehicle.Mood +3 +smile/)
    expect(text).toContain('codes: P0217')
    expect(text).toContain('can 18feee00 ff7d')
  })
})
