import { describe, expect, test } from '@jest/globals'
import { analyseReadability, formulas } from './readability.ts'
import { lookAt, longStory, story } from './spec-manuscript.ts'

const heavy =
  'The organisational implementation of multidimensional evaluation methodologies necessitates considerable interdepartmental communication, notwithstanding the administrative difficulties that characteristically accompany institutional transformation. '

describe('C3 readability', () => {
  test('F9 the formulas give what their authors published for such counts', () => {
    const counted = formulas({ sentences: 10, words: 150, syllables: 210, hard: 12, poly: 12 })
    expect(counted.readingEase).toBeCloseTo(206.835 - 15.225 - 118.44, 6)
    expect(counted.grade).toBeCloseTo(5.85 + 16.52 - 15.59, 6)
    expect(counted.fog).toBeCloseTo(0.4 * (15 + 8), 6)
    expect(counted.smog).toBeCloseTo(1.043 * 6 + 3.1291, 6)
  })

  test('F9 a story for children is easy, an office’s language is not', () => {
    const easy = analyseReadability(lookAt(story))
    const hard = analyseReadability(lookAt(heavy.repeat(5)))
    expect(easy.measures.grade).toBeLessThan(6)
    expect(easy).toMatchObject({ found: 0 })
    expect(hard.measures.readingEase).toBeLessThan(0)
    expect(hard.score).toBeLessThan(20)
    expect(hard.found).toBe(5)
    expect(heavy.repeat(5).slice(hard.findings[1]?.offset).startsWith('The organisational')).toBe(true)
  })

  test('F9 names and forms with -ing, -ed, -es are not hard by Gunning', () => {
    const text = `${'Then we saw Alexandria and Antonia in the house. '.repeat(2)}It was exciting and they expected the expenses of it to be all that they had.`
    const { measures } = analyseReadability(lookAt(text))
    expect(measures.fog).toBeCloseTo(0.4 * (measures.wordsPerSentence as number), 2)
    expect(measures.smog).toBeGreaterThan(4)
  })

  test('C6 a wider look at a long text reads more of it and is surer', () => {
    const text = longStory(200_000)
    const looks = [1, 2, 4].map((window) => analyseReadability(lookAt(text, window)))
    const read = looks.map(({ measures }) => measures.words as number)
    expect(read[0]).toBeLessThan(read[2] as number)
    expect(read[1]).toBeLessThan(read[2] as number)
    expect(looks[0]?.confidence).toBeLessThan(looks[1]?.confidence as number)
    expect(looks[2]?.confidence).toBeGreaterThan(0.99)
  })
})
