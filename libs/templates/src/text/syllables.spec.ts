import { expect, test } from '@jest/globals'
import { syllablesOf } from './syllables.ts'

const counted: Record<number, string> = {
  1: 'the cat made hoped moved lived boats strength queue tree blue fly hopes smiled judge through school eye climbed baked',
  2: 'table wanted boxes changes quiet cannot letter below riding poem basket science being rhythm hopeful movement lovely apple',
  3: 'lighthouse-keeper beautiful family idea together believed-not remember readable animal capital banana realism opera',
  4: 'television information understanding vegetable community experience material',
  5: 'university organisation-al electricity curiosity vocabulary',
}

test('F9 syllables are those of the dictionary for nine words in ten, and never off by more than one', () => {
  const words = Object.entries(counted).flatMap(([count, list]) =>
    list.split(' ').map((word) => ({ word, count: +count })),
  )
  const plain = words.filter(({ word }) => !word.includes('-'))
  const off = plain.filter(({ word, count }) => syllablesOf(word) !== count)
  expect(off.length / plain.length).toBeLessThanOrEqual(0.1)
  expect(plain.filter(({ word, count }) => Math.abs(syllablesOf(word) - count) > 1)).toEqual([])
})

test("F9 compounds are counted part by part, and n't where it is heard", () => {
  expect(['lighthouse-keeper', "didn't", "don't", "can't", "he's"].map(syllablesOf)).toEqual([4, 2, 1, 1, 1])
})

test('F9 every word has one, whatever it is made of', () => {
  for (const word of ['', 'hmm', 'x', 'ж', 'e', 'ß', "'", '-']) expect(syllablesOf(word)).toBeGreaterThanOrEqual(0)
  expect(syllablesOf('hmm')).toBe(1)
})
