import { describe, expect, test } from '@jest/globals'
import type { Analysis, Finding } from './analysis.ts'
import { certaintyOf, judge, scoreOf, type Known } from './judge.ts'
import { recommend } from './recommend.ts'

const finding = (kind: string, offset: number, severity: number): Finding => ({
  kind,
  message: `${kind} at ${offset}`,
  paragraph: 1,
  offset,
  length: 3,
  severity,
})
const gave = (score: number, confidence: number, findings: Finding[] = []): Analysis => ({
  score,
  confidence,
  findings,
  found: findings.length,
  measures: {},
})
const known = (over: Partial<Known> = {}): Known => ({
  structure: gave(90, 0.9),
  readability: gave(90, 0.9),
  vocabulary: gave(90, 0.9),
  repetition: gave(90, 0.9),
  style: gave(90, 0.9),
  consistency: gave(90, 0.9),
  ...over,
})
const all = (value: boolean) =>
  ({
    structure: value,
    readability: value,
    vocabulary: value,
    repetition: value,
    style: value,
    consistency: value,
  }) as const
const limits = {
  quality: 1,
  maxIterations: 5,
  budgetMs: 1_000,
  improvement: 0.01,
  patience: 2,
  maxErrorRate: 0.5,
  widest: 4,
  maxRetries: 2,
}

describe('C2 recommendations', () => {
  test('C2 are ranked by severity, gain, spread and certainty, and say so', () => {
    const many = Array.from({ length: 20 }, (_, i) => finding('passive', i * 10, 0.4))
    const { recommendations, decision } = recommend({
      known: known({
        structure: gave(20, 0.9, [finding('empty-section', 5, 0.7), finding('empty-section', 1, 0.9)]),
        style: gave(70, 0.8, many),
        repetition: gave(95, 0.2, [finding('repeated-phrase', 3, 0.2)]),
      }),
      now: 7,
    })
    expect(recommendations.map(({ rank, kind, count }) => [rank, kind, count])).toEqual([
      [1, 'empty-section', 2],
      [2, 'passive', 20],
    ])
    expect(recommendations[0]).toMatchObject({ message: 'empty-section at 1', places: [{ offset: 1 }, { offset: 5 }] })
    expect(recommendations[1]?.places).toHaveLength(5)
    expect(decision).toMatchObject({
      at: 7,
      chosen: 'empty-section',
      because: expect.stringContaining('empty-section'),
    })
    expect(decision.candidates.at(-1)).toMatchObject({ id: 'repeated-phrase', verdict: { code: 'BELOW_THRESHOLD' } })
  })

  test('C2 of a text that nothing was found in are none', () => {
    expect(recommend({ known: known(), now: 0 })).toMatchObject({ score: 90, certainty: 0.9, recommendations: [] })
  })
})

describe('C6 what is known after a look', () => {
  const look = { wanted: all(true), history: [], window: 1, limits, begunAt: 100, endedAt: 350 }

  test('C6 the score counts each node by its worth and how sure it is; the certainty misses what failed', () => {
    expect(scoreOf(known({ structure: gave(0, 0) }))).toBe(90)
    expect(scoreOf(known({ structure: gave(0, 0.9) }))).toBe(72)
    expect(certaintyOf(known({ structure: null }))).toBeCloseTo(0.9 * 0.8, 6)
    expect(scoreOf(known({ structure: null }))).toBe(90)
  })

  test('C6 a first look is all news; a second one is what has changed', () => {
    const nothing = Object.fromEntries(Object.keys(known()).map((node) => [node, null])) as never
    const first = judge({ ...look, given: known(), known: nothing })
    expect(first.history).toMatchObject([{ durationMs: 250, window: 1, quality: expect.closeTo(0.9, 6) }])
    expect(first.history[0]?.nodes.every(({ news }) => news === 1)).toBe(true)
    const given = known({ style: gave(80, 0.9), repetition: null, consistency: gave(90, 0.9, [finding('a', 1, 1)]) })
    const second = judge({ ...look, given, known: first.known, history: first.history, window: 2 })
    expect(second.history[1]?.nodes).toEqual([
      { node: 'structure', failed: false, news: 0 },
      { node: 'readability', failed: false, news: 0 },
      { node: 'vocabulary', failed: false, news: 0 },
      { node: 'repetition', failed: true, news: 0 },
      { node: 'style', failed: false, news: 0.1 },
      { node: 'consistency', failed: false, news: 1 },
    ])
    expect(second.known.repetition).toEqual(first.known.repetition)
    expect(second.wanted).toEqual({ ...all(false), repetition: true, style: true, consistency: true })
    expect(second.verdict.explanation).toContain('repetition')
  })
})
