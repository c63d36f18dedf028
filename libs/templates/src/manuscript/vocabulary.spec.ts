import { describe, expect, test } from '@jest/globals'
import { lookAt, story } from './spec-manuscript.ts'
import { analyseVocabulary, mattr, mtld } from './vocabulary.ts'

const distinct = Array.from({ length: 100 }, (_, i) => `w${i}`)

describe('C3 vocabulary', () => {
  test('F9 MTLD is the mean length of runs that stay above 0.72 types per token', () => {
    // a b a: two types in three tokens is the first ratio below the threshold, so every third token ends a run.
    expect(mtld(Array.from({ length: 30 }, (_, i) => 'ab'[i % 2] as string))).toBeCloseTo(3, 6)
    expect(mtld(distinct)).toBe(100)
    // Forwards eight types in ten tokens are a part of a run, (1 - 0.8) / (1 - 0.72); backwards the second token ends one.
    expect(mtld([...distinct.slice(0, 8), 'w7', 'w7'])).toBeCloseTo((10 / (0.2 / 0.28) + 10) / 2, 6)
    expect(mtld([])).toBe(0)
  })

  test('F9 MATTR is the mean of types per token over a window that moves', () => {
    expect(mattr(['a', 'a', 'b', 'b'], 2)).toBeCloseTo((0.5 + 1 + 0.5) / 3, 6)
    expect(mattr(distinct, 50)).toBe(1)
    expect(mattr(['a', 'b'], 500)).toBe(1)
    expect(mattr([], 5)).toBe(0)
  })

  test('F9 names the words that are leaned on, where they are first, and no names of people', () => {
    const text = story
      .replaceAll('sea', 'ocean')
      .replaceAll(/\.(?= )/g, ' by the ocean.')
      .replaceAll('Thomas', 'old Thomas')
    const { overused, findings, score } = analyseVocabulary(lookAt(text))
    expect(overused).toContain('ocean')
    expect(overused).not.toContain('thomas')
    const [finding] = findings
    expect(text.slice(finding?.offset, (finding?.offset ?? 0) + (finding?.length ?? 0)).toLowerCase()).toBe('ocean')
    expect(score).toBeLessThan(analyseVocabulary(lookAt(story)).score)
  })

  test('F9 lists long words that occur once', () => {
    expect(analyseVocabulary(lookAt(story)).rare).toEqual(expect.arrayContaining(['fishermen', 'followed']))
  })
})
