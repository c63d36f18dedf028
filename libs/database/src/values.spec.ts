import { describe, expect, test } from '@jest/globals'
import { parserFor } from './values.ts'

const int8 = parserFor(20)
const timestamptz = parserFor(1184)

describe('values', () => {
  test('instants are ISO strings in UTC, whatever offset and precision they were written with', () => {
    expect(timestamptz('2026-01-31 08:00:00.5+00')).toBe('2026-01-31T08:00:00.500Z')
    expect(timestamptz('2026-01-31 08:00:00+05:30')).toBe('2026-01-31T02:30:00.000Z')
    expect(timestamptz('2026-01-31 08:00:00.123456-02')).toBe('2026-01-31T10:00:00.123Z')
    expect(timestamptz('-infinity')).toBe('-infinity')
  })

  test('an int8 that JavaScript would round is refused', () => {
    expect(int8('9007199254740991')).toBe(9_007_199_254_740_991)
    expect(() => int8('9007199254740993')).toThrow(expect.objectContaining({ code: 'NUMBER_OUT_OF_RANGE' }))
  })

  test('what is in no table stays text', () => {
    expect(parserFor(3910)('["2026-01-01 00:00:00+00",)')).toBe('["2026-01-01 00:00:00+00",)')
  })
})
