import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { dayMs, hourMs, minuteMs, planOf, stepOf, type Question } from './level.ts'

const now = Date.UTC(2026, 10, 20, 12, 34, 56)
const retention = { raw: 30 * dayMs, minute: 365 * dayMs, hour: 3_650 * dayMs }
const ask = (question: Partial<Question>) =>
  planOf({ fromMs: now - hourMs, toMs: now, resolutionMs: 0, maxPoints: 500, ...question }, retention, now)

describe('which level answers', () => {
  test.each<[string, Partial<Question>, string, number]>([
    ['an hour', {}, 'raw', 10_000],
    ['a day', { fromMs: now - dayMs }, 'minute', 5 * minuteMs],
    ['a month', { fromMs: now - 29 * dayMs }, 'hour', 2 * hourMs],
    ['ninety seconds a bucket', { resolutionMs: 90_000 }, 'minute', 2 * minuteMs],
    ['seven seconds a bucket', { resolutionMs: 7_000 }, 'raw', 7_000],
    ['a second a bucket, sixty days ago', { fromMs: now - 60 * dayMs, resolutionMs: 1_000 }, 'minute', minuteMs],
    ['a minute a bucket, two years ago', { fromMs: now - 730 * dayMs, resolutionMs: minuteMs }, 'hour', hourMs],
  ])('L1 %s', (_, question, level, resolutionMs) => {
    expect(ask(question)).toMatchObject({ level, resolutionMs })
  })

  test('L1 the range becomes whole buckets of a multiple of the level, at most as many as asked for', () => {
    fc.assert(
      fc.property(fc.nat(4_000 * 24), fc.nat(hourMs), fc.integer({ min: 1, max: 2_000 }), (hours, ms, maxPoints) => {
        const fromMs = now - hours * hourMs - ms - 1
        const plan = ask({ fromMs, maxPoints })
        expect(plan.fromMs).toBeLessThanOrEqual(fromMs)
        expect(plan.toMs).toBeGreaterThanOrEqual(now)
        expect([plan.fromMs, plan.toMs].map((time) => time % plan.resolutionMs)).toEqual([0, 0])
        expect(plan.resolutionMs % stepOf[plan.level]).toBe(0)
        // A range that spans the start of a bucket of any length has two.
        expect((plan.toMs - plan.fromMs) / plan.resolutionMs).toBeLessThanOrEqual(Math.max(2, maxPoints))
      }),
    )
  })

  test.each([{ fromMs: now }, { fromMs: -1 }, { fromMs: NaN }, { toMs: Infinity }, { resolutionMs: -5 }])(
    'L1 %j is BAD_RANGE',
    (question) => expect(() => ask(question)).toThrow(expect.objectContaining({ code: 'BAD_RANGE' })),
  )
})
