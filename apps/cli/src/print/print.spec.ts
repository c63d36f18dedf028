import { describe, expect, test } from '@jest/globals'
import { Terminal } from '@pitcrew/errors'
import { duration, hours } from './duration.ts'
import { exitCodeOf, failureText } from './failure.ts'
import { plain, words } from './names.ts'
import { table } from './table.ts'
import { tick } from './ticks.ts'

describe('N9 what people read', () => {
  test('a failure is its code, what was wrong and what to do next', () => {
    const failure = new Terminal('UNKNOWN_FAULT', 'there is no fault "rust"', { hint: 'use one of: a, b' })
    expect(failureText(failure)).toBe('UNKNOWN_FAULT: there is no fault "rust"\n  next: use one of: a, b\n')
    expect(failureText(new Terminal('X', 'it broke'))).toBe('X: it broke\n')
  })

  test('bad input ends with 2, everything else that fails with 1', () => {
    expect(exitCodeOf({ code: 'BAD_USAGE' })).toBe(2)
    expect(exitCodeOf({ code: 'NOT_CAROBD' })).toBe(2)
    expect(exitCodeOf({ code: 'PLATFORM_UNREACHABLE' })).toBe(1)
  })

  test.each([
    [340, '0.3 s'],
    [59_900, '59.9 s'],
    [125_000, '2 min 5 s'],
  ])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text))

  test.each([
    [0.5, '30 min'],
    [3, '3 h'],
    [20.4, '20 h'],
    [160, '6.7 d'],
    [1000, '42 d'],
  ])('%d hours to failure are %s', (value, text) => expect(hours(value)).toBe(text))

  test('names of the contracts lose their prefix', () => {
    expect(plain('PHASE_IN_SERVICE')).toBe('IN_SERVICE')
    expect([plain('PHASE_URGENCY_ASSESSMENT'), plain('URGENCY_ASSESSMENT')]).toEqual(
      Array(2).fill('URGENCY_ASSESSMENT'),
    )
    expect(plain('URGENCY_HIGH')).toBe('HIGH')
    expect(words('VEHICLE_SYSTEM_FUEL_AIR')).toBe('fuel air')
    expect(words('MESSAGE_KIND_FEEDBACK_REQUEST')).toBe('feedback request')
  })

  test('a table has aligned columns and nothing else', () => {
    expect(
      table(
        ['case', 'n'],
        [
          ['a-long-id', 1],
          ['b', 22],
        ],
      ),
    ).toBe('case       n\na-long-id  1\nb          22')
  })

  test('a tick has its time and its words', () => {
    expect(tick('ok', 'broker', { ms: 400, words: 'nats-server 2.14.9' })).toBe(
      '  ✓ broker                     0.4 s  nats-server 2.14.9',
    )
    expect(tick('fail', 'git', { words: 'not on PATH' })).toBe('  ✗ git                     not on PATH')
  })
})
