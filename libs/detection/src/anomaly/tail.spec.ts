import { describe, expect, test } from '@jest/globals'
import { createTails, tailDecades, type Tails } from './tail.ts'

const tuning = { tailShare: 0.04, tailMemory: 3000 }

function exponential(seed: number): () => number {
  let state = seed
  return () => -Math.log((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647)
}

const shareAbove = (decades: readonly number[], limit: number): number =>
  decades.filter((one) => one > limit).length / decades.length

describe('N3 the tail of a view', () => {
  test('decades are the rarity: of exponential values one in a hundred has 2, one in a thousand 3', () => {
    const next = exponential(11)
    const tails = createTails(1)
    const decades = Array.from({ length: 60_000 }, () => tailDecades(tails, 0, next() * 7, 1e-9, tuning)).slice(3000)
    expect(shareAbove(decades, 0)).toBeGreaterThan(0.034)
    expect(shareAbove(decades, 0)).toBeLessThan(0.046)
    expect(shareAbove(decades, 2)).toBeGreaterThan(0.008)
    expect(shareAbove(decades, 2)).toBeLessThan(0.0125)
    expect(shareAbove(decades, 3)).toBeGreaterThan(0.0006)
    expect(shareAbove(decades, 3)).toBeLessThan(0.0016)
  })

  test('of a heavy tail, too: what is often far out does not become a surprise', () => {
    const next = exponential(13)
    const tails = createTails(1)
    const pareto = (): number => Math.exp(next() / 3)
    const decades = Array.from({ length: 60_000 }, () => tailDecades(tails, 0, pareto(), 1e-9, tuning)).slice(6000)
    expect(shareAbove(decades, 2)).toBeGreaterThan(0.007)
    expect(shareAbove(decades, 2)).toBeLessThan(0.0125)
    expect(shareAbove(decades, 3)).toBeGreaterThan(0.0006)
    expect(shareAbove(decades, 3)).toBeLessThan(0.0016)
    expect(shareAbove(decades, 4)).toBeLessThan(0.0003)
  })

  test('a new extreme has more decades the further out it is, and never more than 50', () => {
    const far = [8, 16, 1e9].map((value) => tailDecades(warm(), 0, value, 1e-9, tuning))
    expect(far).toEqual([...far].sort((a, b) => a - b))
    expect(far[0]).toBeGreaterThan(3)
    expect(far[2]).toBe(50)
  })

  test('silence is not counted, and what differs by the floor is no difference', () => {
    const tails = warm()
    const before = structuredClone(tails)
    expect(tailDecades(tails, 0, NaN, 1, tuning)).toBe(0)
    expect(tails).toEqual(before)
    expect(tailDecades(tails, 0, before.levels[0]! + 0.9, 1, tuning)).toBe(0)
    expect(tails.levels).toEqual(before.levels)
  })
})

function warm(): Tails {
  const next = exponential(5)
  const tails = createTails(1)
  for (let step = 0; step < 2000; step++) tailDecades(tails, 0, next(), 1e-9, tuning)
  return tails
}
