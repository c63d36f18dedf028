import { describe, expect, test } from '@jest/globals'
import { componentLevels, rankRootCauses, type Cell } from './root-cause.ts'

function cell(buildMonth: string, plant: string, vehicles: number, failed: number): Cell {
  return { model: 'Falcon', modelYear: '2024', buildMonth, plant, vehicles, failed }
}

/** 1,000 vehicles over 10 build months and 2 plants; March from plant A is bad. */
const months = Array.from({ length: 10 }, (_, index) => `2024-${String(index + 1).padStart(2, '0')}`)
const lot: Cell[] = months.flatMap((month) => [
  cell(month, 'A', 50, month === '2024-03' ? 9 : 0),
  cell(month, 'B', 50, 0),
])

describe('L7 root-cause ranking', () => {
  test('L7 names the build month and the plant that failed vehicles share, normalised by exposure', () => {
    const ranked = rankRootCauses([...lot, cell('2024-11', 'B', 100, 1)])
    expect(ranked[0]).toMatchObject({
      factor: 'build_month',
      level: '2024-03',
      failures: 9,
      exposed: 100,
      significant: true,
    })
    // 9/100 against 1/1000
    expect(ranked[0]!.lift).toBeCloseTo(90, 10)
    expect(ranked.filter(({ significant }) => significant).map(({ level }) => level)).toEqual(['2024-03', 'A'])
  })

  test('L7 a level that fails as often as the rest is not called a cause, however many failures it has', () => {
    const even = months.map((month) => cell(month, 'A', month === '2024-05' ? 1000 : 10, month === '2024-05' ? 100 : 1))
    const ranked = rankRootCauses(even)
    expect(ranked.every(({ significant }) => !significant)).toBe(true)
    expect(ranked.find(({ level }) => level === '2024-05')!.lift).toBeCloseTo(1, 10)
  })

  test('L7 one failure among few vehicles is a lead, never significant', () => {
    const ranked = rankRootCauses([cell('2024-01', 'A', 1, 1), cell('2024-02', 'B', 999, 0)])
    expect(ranked[0]).toMatchObject({ failures: 1, significant: false })
    expect(Number.isFinite(ranked[0]!.lift)).toBe(true)
  })

  test('L7 false discoveries stay rare: chance failures over 200 levels name no cause', () => {
    // A fixed linear congruential sequence scatters 200 failures over 200 levels of 100 vehicles.
    const failed = new Array<number>(200).fill(0)
    let state = 12345
    for (let n = 0; n < 200; n++) {
      state = (state * 1103515245 + 12345) % 2147483648
      failed[Math.floor((state / 2147483648) * 200)]!++
    }
    const ranked = rankRootCauses(failed.map((count, index) => cell(`lot-${index}`, '', 100, count)))
    expect(ranked.filter(({ pValue }) => pValue <= 0.05).length).toBeGreaterThan(0)
    expect(ranked.filter(({ significant }) => significant)).toEqual([])
  })

  test('L7 a factor with one level and an unknown level have nothing to say', () => {
    expect(rankRootCauses([cell('', '', 10, 2)])).toEqual([])
    expect(rankRootCauses([])).toEqual([])
  })

  test('L7 components are compared with each other over the same vehicles', () => {
    const levels = componentLevels(
      [
        { component: 'radiator', failed: 30 },
        { component: 'alternator', failed: 3 },
      ],
      1000,
    )
    const [first] = rankRootCauses([], undefined, levels)
    expect(first).toMatchObject({
      factor: 'component',
      level: 'radiator',
      lift: expect.closeTo(10, 9),
      significant: true,
    })
    expect(componentLevels([{ component: 'radiator', failed: 30 }], 1000)).toEqual([])
  })
})
