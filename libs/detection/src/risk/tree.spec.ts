import { describe, expect, test } from '@jest/globals'
import { randomFrom } from './generated-fleet.ts'
import type { Sense } from './model.ts'
import { chiSquaredTail, grow, type Case } from './tree.ts'

const code = (name: string): Sense => ({ of: 'code', code: name })
const growth = { leastCases: 2, maxDepth: 8, level: 0.01 }
const cases = (count: number, of: (index: number) => Case): Case[] =>
  Array.from({ length: count }, (_, index) => of(index))

describe('C4 the tree of a component', () => {
  test('C4 over noise alone it stays a single leaf', () => {
    const random = randomFrom(9)
    const senses = Array.from({ length: 8 }, (_, index) => code(`X${index}`))
    const noise = cases(1_000, () => ({
      values: senses.map(() => random() * 800),
      leadHours: random() < 0.1 ? 12 : null,
    }))
    expect(grow(noise, { senses, ...growth })).toMatchObject({ kind: 'leaf', cases: 1_000 })
  })

  test('C4 a stretch of values is one split, and hugs the cases that failed', () => {
    const spread = cases(400, (index) => ({ values: [(index % 40) * 4], leadHours: index % 40 === 20 ? 6 : null }))
    expect(grow(spread, { senses: [{ of: 'due' }], ...growth })).toEqual({
      kind: 'split',
      on: { of: 'due' },
      from: 79.5,
      below: 80.5,
      inside: { kind: 'leaf', cases: 10, failed: 10, leadHours: Array(10).fill(6) },
      outside: { kind: 'leaf', cases: 390, failed: 0, leadHours: [] },
    })
  })

  test('C4 of two codes that say the same it asks for the one seen, in the narrowest window', () => {
    const either = cases(100, (index) => ({
      values: index % 2 === 0 ? [720, 0] : [0, 720],
      leadHours: index % 2 === 0 ? 6 : null,
    }))
    expect(grow(either, { senses: [code('A'), code('B')], ...growth })).toMatchObject({
      on: code('B'),
      below: 1,
      inside: { failed: 50, cases: 50 },
    })
  })

  test('C4 a lone failure is not split off', () => {
    const lone = cases(300, (index) => ({ values: [index], leadHours: index === 150 ? 6 : null }))
    expect(grow(lone, { senses: [{ of: 'part' }], ...growth })).toMatchObject({ kind: 'leaf' })
  })

  test.each([
    [3.841, 0.05],
    [6.635, 0.01],
    [10.828, 0.001],
  ])('C4 the tail of chi-squared at %d is about that of the table, never below', (x, tail) => {
    expect(chiSquaredTail(x)).toBeGreaterThanOrEqual(tail * 0.999)
    expect(chiSquaredTail(x)).toBeLessThan(tail * 1.15)
  })
})
