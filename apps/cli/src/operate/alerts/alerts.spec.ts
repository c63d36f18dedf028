import { describe, expect, test } from '@jest/globals'
import { timeToCome } from '../workflows/given.ts'
import { standing } from './alerts.ts'

describe('L3 what a person gives and gets', () => {
  const now = Date.UTC(2026, 10, 20)

  test('until when a rule holds: a time, or how far away it is', () => {
    expect(timeToCome('2026-12-01', '--until', now)).toBe('2026-12-01T00:00:00.000Z')
    expect(timeToCome('2d', '--until', now)).toBe('2026-11-22T00:00:00.000Z')
  })

  test.each(['garbage', '2020-01-01', '999999999d', ''])('--until %j is refused as what was typed wrong', (text) => {
    expect(() => timeToCome(text, '--until', now)).toThrow(expect.objectContaining({ code: 'BAD_USAGE' }))
  })

  test('the audit says what serves after a roll-out', () => {
    const after = { stable: { version: '1', sinceMs: 1 }, canary: { version: '2', share: 10, sinceMs: 2 } }
    expect(standing(JSON.stringify({ before: {}, after }))).toBe('1 all, 2 10 %')
    expect(standing(JSON.stringify({ before: after, after: {} }))).toBe('')
    expect(standing('')).toBe('')
  })
})
