import { describe, expect, test } from '@jest/globals'
import { analyseConsistency } from './consistency.ts'
import { distance } from './spelling.ts'
import { lookAt, story } from './spec-manuscript.ts'

const found = (text: string, window = 1, rare: string[] = []) =>
  analyseConsistency({ ...lookAt(text, window), rare }).findings.map(({ kind, offset, length }) => [
    kind,
    text.slice(offset, offset + length).slice(0, 24),
  ])

describe('C3 consistency', () => {
  test('F9 finds a name that is spelt in two ways, the odd spelling, and the paragraph in another tense', () => {
    expect(found(story)).toEqual([
      ['name-variant', 'Margret'],
      ['mixed-spelling', 'gray'],
      ['tense-shift', 'They walked along the be'],
    ])
  })

  test('F9 plurals, possessives and words that are also written small are no variants', () => {
    const text = `${story.replace('Margret', 'Margaret’s brother')} The Harbour and the harbour. Thomas and the Thomases met Mark. Marks of the sea were on all that they had.`
    expect(found(text).map(([kind]) => kind)).not.toContain('name-variant')
  })

  test('F9 speech is in the tense that it likes', () => {
    const text = `${story.replace(/They walked[^\n]*/, '“He is old. He knows it and he says so, and the sea is his,” she said.')}`
    expect(found(text).map(([kind]) => kind)).not.toContain('tense-shift')
  })

  test('C6 a wider look also finds slips of the pen among rare words, and names two letters apart', () => {
    const text = `${story}\nThe brother of the lighthouse keeper and the lighthouse itself were in the lighthouse of the lihgthouse. Then Alexander met Alexander and Alexander and Aleksandar.`
    expect(found(text, 1, ['lihgthouse']).map(([, at]) => at)).not.toContain('lihgthouse')
    expect(found(text, 2, ['lihgthouse'])).toEqual(expect.arrayContaining([['spelling-slip', 'lihgthouse']]))
    expect(found(text.replace('Aleksandar', 'Aleksander'), 2)).toContainEqual(['name-variant', 'Aleksander'])
    expect(found(text.replace('Aleksandar', 'Aleksander'), 1)).not.toContainEqual(['name-variant', 'Aleksander'])
  })

  test('F9 a swap of neighbours is one step, as Damerau has it', () => {
    expect(distance('receive', 'recieve', 2)).toBe(1)
    expect(distance('colour', 'color', 2)).toBe(1)
    expect(distance('kitten', 'sitting', 3)).toBe(3)
    expect(distance('kitten', 'sitting', 2)).toBe(3)
    expect(distance('', 'abc', 2)).toBe(3)
  })

  test('C1 thousands of names take no longer than hundreds', () => {
    const name = (i: number) => `Ab${[...String(i)].map((digit) => 'acdefghijk'[+digit]).join('')}`
    const text = Array.from({ length: 20_000 }, (_, i) => `it was in the house of ${name(i)} that she was`).join('. ')
    expect(analyseConsistency({ ...lookAt(text.slice(0, 900_000), 4) }).confidence).toBeGreaterThan(0.9)
  }, 10_000)
})
