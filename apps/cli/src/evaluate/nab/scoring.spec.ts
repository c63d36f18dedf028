import { describe, expect, test } from '@jest/globals'
import {
  bestThreshold,
  probationRows,
  type Profile,
  rowWorths,
  scaledSigmoid,
  scorable,
  scoreAt,
  sweep,
} from './scoring.ts'

const standard: Profile = { name: 'standard', tpWeight: 1, fpWeight: 0.11, fnWeight: 1 }
const lowMisses: Profile = { ...standard, name: 'reward_low_FN_rate', fnWeight: 2 }
const rows = 100
const windows = [
  { first: 40, last: 49 },
  { first: 70, last: 79 },
]

function scores(at: Record<number, number>): Float64Array {
  const all = new Float64Array(rows)
  for (const [row, score] of Object.entries(at)) all[Number(row)] = score
  return all
}

const scored = (at: Record<number, number>) => scorable([{ scores: scores(at), windows }])

describe('N3 scoring of the anomaly benchmark', () => {
  test('the published sigmoid: 0.9866 at the start of a window, 0 right behind it, -1 far behind', () => {
    expect(scaledSigmoid(-1)).toBeCloseTo(0.98661, 5)
    expect(scaledSigmoid(-0.5)).toBeCloseTo(0.84828, 5)
    expect(scaledSigmoid(0)).toBe(0)
    expect(scaledSigmoid(1)).toBeCloseTo(-0.98661, 5)
    expect(scaledSigmoid(3.1)).toBe(-1)
  })

  test('probation is 15 % of the rows, at most 750', () => {
    expect([7, 100, 4032, 5000, 22_695].map(probationRows)).toEqual([1, 15, 604, 750, 750])
  })

  test('the worth of a row: by its place in a window, by its distance behind one, all of it where none was before', () => {
    const worths = rowWorths(rows, windows)
    expect(worths[39]).toEqual({ window: -1, worth: -1 })
    expect(worths[40]).toEqual({ window: 0, worth: 1 })
    expect(worths[45]?.worth).toBeCloseTo(scaledSigmoid(-0.5) / scaledSigmoid(-1))
    expect(worths[50]?.worth).toBeCloseTo(scaledSigmoid(1 / 9))
    expect(worths[79]).toEqual({ window: 1, worth: scaledSigmoid(-0.1) / scaledSigmoid(-1) })
    expect(worths[99]?.worth).toBeCloseTo(scaledSigmoid(20 / 9))
  })

  test('the perfect detector has 100 and the one that never detects 0, in each profile', () => {
    for (const profile of [standard, lowMisses]) {
      expect(bestThreshold(scored({ 40: 1, 70: 1 }), profile)).toEqual({
        threshold: 1,
        score: 100,
        found: 2,
        falseAlarms: 0,
      })
      expect(bestThreshold(scored({}), profile).score).toBe(0)
    }
  })

  test('only the first detection in a window counts, and a miss by its weight', () => {
    const half = scaledSigmoid(-0.5) / scaledSigmoid(-1)
    expect(scoreAt(scored({ 45: 1, 46: 1, 49: 1 }), standard, 1).score).toBeCloseTo((100 * (half - 1 + 2)) / 4)
    expect(scoreAt(scored({ 45: 1 }), lowMisses, 1).score).toBeCloseTo((100 * (half - 2 + 4)) / 6)
  })

  test('every row outside costs; in probation none does', () => {
    const alarms = scored({ 5: 1, 20: 1, 21: 1, 50: 1, 40: 1, 70: 1 })
    const cost = 0.11 * (2 - scaledSigmoid(1 / 9))
    expect(scoreAt(alarms, standard, 1).score).toBeCloseTo(100 - (100 * cost) / 4)
    expect(scoreAt(alarms, standard, 1).falseAlarms).toBe(3)
  })

  test('one threshold for all series: the one with the highest score, equal scores together', () => {
    const quiet = { scores: scores({ 40: 0.6, 70: 0.9 }), windows }
    const noisy = { scores: scores({ 20: 0.6, 22: 0.6, 24: 0.6, 40: 0.8, 70: 0.7 }), windows }
    const all = scorable([quiet, noisy])
    expect([...sweep(all, standard)].map(({ threshold }) => threshold)).toEqual([Infinity, 0.9, 0.8, 0.7, 0.6, 0])
    expect(bestThreshold(all, standard)).toMatchObject({ threshold: 0.6, found: 4, falseAlarms: 3 })
    const costly = { ...standard, fpWeight: 1 }
    expect(bestThreshold(all, costly)).toMatchObject({ threshold: 0.7, found: 3, falseAlarms: 0 })
    expect(scoreAt(all, standard, 0.75)).toMatchObject({ threshold: 0.75, found: 2, falseAlarms: 0 })
  })

  test('a window that lies in probation is left out', () => {
    const early = scorable([{ scores: scores({ 40: 1 }), windows: [{ first: 2, last: 10 }, windows[0]!] }])
    expect(early.windowCount).toBe(1)
    expect(bestThreshold(early, standard).score).toBe(100)
  })
})
