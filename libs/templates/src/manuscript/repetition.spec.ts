import { describe, expect, test } from '@jest/globals'
import { passageOf } from '../text/passage.ts'
import { analyseRepetition, phrasesOf } from './repetition.ts'
import { lookAt, longStory, story } from './spec-manuscript.ts'

const found = (window: number, known: string[] = []) => analyseRepetition({ ...lookAt(story, window), known }).findings

describe('C3 repetition', () => {
  test('F9 finds a phrase at its full length, not its parts', () => {
    const { sentences } = passageOf(lookAt(story))
    expect(phrasesOf(sentences, 8, 3).map(({ words, places }) => [words.join(' '), places.length])).toEqual([
      ['at the end of the day', 3],
    ])
    expect(phrasesOf(sentences, 8, 4)).toEqual([])
  })

  test('F9 finds sentences in a row that begin alike', () => {
    const [start] = found(1)
    expect(start).toMatchObject({ kind: 'same-start', paragraph: 8, message: '3 sentences in a row begin with "he"' })
    expect(story.slice(start?.offset, (start?.offset ?? 0) + (start?.length ?? 0))).toBe(
      'He took her inside. He lit a small fire. He poured two cups of tea.',
    )
  })

  test('C6 a wider look takes fewer occurrences and follows longer phrases', () => {
    expect(found(1).map(({ kind }) => kind)).toEqual(['same-start'])
    expect(found(2).map(({ message }) => message)).toContain('"at the end of the day" 3 times')
    const long = 'she said it was the cold light of the morning and so it was to be'
    const text = `${story}\n\nThen ${long}. But ${long}. And ${long}.`
    const longest = (window: number) =>
      Math.max(...analyseRepetition(lookAt(text, window)).findings.map(({ message }) => message.split(' ').length - 2))
    expect([2, 3, 4].map(longest)).toEqual([6, 7, 8])
  })

  test('C3 what the vocabulary has reported is not reported again', () => {
    expect(found(3, ['end', 'day']).map(({ kind }) => kind)).toEqual(['same-start'])
  })

  test('C1 a text that says one thing for ever takes no longer than another', () => {
    const endless = 'the sea and the sea and the sea and '.repeat(25_000)
    for (const text of [endless, longStory(900_000)]) {
      const { score } = analyseRepetition(lookAt(text, 4))
      expect(score).toBeLessThanOrEqual(60)
    }
  }, 20_000)
})
