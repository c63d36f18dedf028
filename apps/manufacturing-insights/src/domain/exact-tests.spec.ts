import { describe, expect, test } from '@jest/globals'
import { fisherGreater, rateFellPValue } from './exact-tests.ts'
import { benjaminiHochberg } from './false-discovery.ts'
import { logFactorial } from './log-factorial.ts'

describe('L7 exact tests', () => {
  test.each([
    [
      "Fisher's tea tasting",
      [
        [3, 1],
        [1, 3],
      ],
      0.24285714285714285,
    ],
    [
      "Fisher's convicted twins",
      [
        [10, 3],
        [2, 15],
      ],
      0.00046518094336290555,
    ],
    [
      'a table that says nothing',
      [
        [5, 5],
        [5, 5],
      ],
      0.6718591,
    ],
    [
      'all failures in one level',
      [
        [4, 0],
        [0, 4],
      ],
      1 / 70,
    ],
    [
      'no failure at all',
      [
        [0, 10],
        [0, 10],
      ],
      1,
    ],
  ] as const)('L7 Fisher one-sided: %s', (_name, table, expected) => {
    expect(fisherGreater(table)).toBeCloseTo(expected, 7)
  })

  test('L7 Fisher does not underflow on a fleet: both tails of a large table are probabilities', () => {
    const strong = fisherGreater([
      [300, 99_700],
      [100, 899_900],
    ])
    expect(strong).toBeGreaterThan(0)
    expect(strong).toBeLessThan(1e-100)
    expect(
      fisherGreater([
        [1, 99_999],
        [3_000, 897_000],
      ]),
    ).toBeCloseTo(1, 6)
  })

  test('L7 Fisher agrees with brute force over every table of 12 vehicles', () => {
    const choose = (n: number, k: number): number =>
      k < 0 || k > n ? 0 : k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k
    for (let row = 0; row <= 12; row++)
      for (let failed = 0; failed <= 12; failed++)
        for (let a = Math.max(0, row + failed - 12); a <= Math.min(row, failed); a++) {
          let tail = 0
          for (let k = a; k <= Math.min(row, failed); k++)
            tail += (choose(row, k) * choose(12 - row, failed - k)) / choose(12, failed)
          expect(
            fisherGreater([
              [a, row - a],
              [failed - a, 12 - row - failed + a],
            ]),
          ).toBeCloseTo(tail, 10)
        }
  })

  test('L7 Fisher refuses more failures than vehicles', () => {
    expect(() =>
      fisherGreater([
        [3, -1],
        [1, 3],
      ]),
    ).toThrow(expect.objectContaining({ code: 'BAD_COUNT' }))
  })

  test('L7 log factorial is continuous from table to series', () => {
    expect(logFactorial(256) - logFactorial(255)).toBeCloseTo(Math.log(256), 11)
    expect(Math.exp(logFactorial(10))).toBeCloseTo(3_628_800, 4)
  })

  test('L7 a fall in the rate: 10 failures in the first half, none in the second, is (1/2)^10', () => {
    expect(rateFellPValue({ events: 10, exposure: 50 }, { events: 0, exposure: 50 })).toBeCloseTo(2 ** -10, 12)
    expect(rateFellPValue({ events: 0, exposure: 50 }, { events: 5, exposure: 50 })).toBeCloseTo(1, 12)
    expect(rateFellPValue({ events: 3, exposure: 50 }, { events: 0, exposure: 0 })).toBe(1)
  })
})

describe('L7 false discovery', () => {
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]

  test('L7 the example of the 1995 paper: four of fifteen at q = 0.05', () => {
    const adjusted = benjaminiHochberg(paper)
    expect(adjusted.filter((q) => q <= 0.05)).toHaveLength(4)
    expect(adjusted[0]).toBeCloseTo(0.0015, 10)
    expect(adjusted[3]).toBeCloseTo((0.0095 * 15) / 4, 10)
  })

  test('L7 keeps the order given and stays monotone', () => {
    const shuffled = [0.9, 0.01, 0.04]
    expect(benjaminiHochberg(shuffled)).toEqual([0.9, 0.03, expect.closeTo(0.06, 12)])
    expect(benjaminiHochberg([])).toEqual([])
  })
})
