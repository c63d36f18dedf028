import { describe, expect, test } from '@jest/globals'
import { paragraphsOf, segment } from './segment.ts'
import { sentencesOf } from './sentences.ts'
import { wordsOf } from './words.ts'

const prose = 'It was a day like all the others and nobody in the house had seen it come in from the sea. '

const parts = (text: string) =>
  paragraphsOf(segment(text)).map(({ start, end, level }) => ({ is: text.slice(start, end), level }))

describe('C3 segmentation', () => {
  test('C3 finds paragraphs and headings where they are', () => {
    const text = `# Title\r\n\r\nCHAPTER ONE\n${prose}\n  ${prose.trim()}\n\n\n### Deep\nPart II: The End\n${prose}`
    const twice = `${prose}\n  ${prose.trim()}`
    expect(parts(text)).toEqual([
      { is: '# Title', level: 1 },
      { is: 'CHAPTER ONE', level: 2 },
      { is: twice, level: 0 },
      { is: '### Deep', level: 3 },
      { is: 'Part II: The End', level: 1 },
      { is: prose.trim(), level: 0 },
    ])
  })

  test('C3 a text without empty lines has a paragraph in every line', () => {
    expect(parts(`${prose}\n${prose}`).map(({ level }) => level)).toEqual([0, 0])
  })

  test('F9 counts in UTF-16 code units, whatever the text is written with', () => {
    const text = `${prose}\n\n🚢 “Zoë’s naïve café” was the name of the ship that she had seen, e\u0301clair and all.`
    const [, second] = paragraphsOf(segment(text))
    const words = wordsOf(text, second?.start, second?.end)
    expect(words.slice(0, 3).map((word) => word.text)).toEqual(["zoë's", 'naïve', 'café'])
    for (const { text: word, start, end } of words)
      expect(text.slice(start, end).toLowerCase().replace('’', "'").normalize('NFC')).toBe(word)
    expect(words.map((word) => word.text)).toContain('éclair')
  })

  test.each([
    ['nothing', undefined, 'TEXT_MISSING'],
    ['white space', ' \n\t ', 'TEXT_MISSING'],
    ['a list', ['text'], 'TEXT_MISSING'],
    ['three words', 'one two three', 'TEXT_TOO_SHORT'],
    ['more than a megabyte', prose.repeat(12_000), 'TEXT_TOO_LONG'],
    ['bytes', `${prose}${'\0\uFFFD'.repeat(500)}`, 'TEXT_NOT_PROSE'],
    ['halves of characters', `${prose}${'\uD800'.repeat(500)}`, 'TEXT_NOT_PROSE'],
    [
      'another language',
      'Der Wind hatte sich in der Nacht gedreht und das Meer unter den Klippen lag grau da. '.repeat(5),
      'NOT_ENGLISH',
    ],
    ['base64', 'QmFzZTY0IGlzIG5vIHByb3Nl '.repeat(40), 'NOT_ENGLISH'],
    ['a paragraph in every line', `${'it is\n\n'.repeat(41_000)}`, 'TEXT_NOT_PROSE'],
  ])('C1 refuses %s', (_, text, code) => {
    let thrown: unknown
    try {
      segment(text)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ kind: 'terminal', code, hint: expect.any(String) })
  })
})

describe('C3 sentences', () => {
  const split = (text: string) => sentencesOf(text, 0, text.length).map(({ start, end }) => text.slice(start, end))

  test('C3 end with their punctuation, and not at abbreviations, initials or speech that goes on', () => {
    expect(
      split('Mr. Smith met J. R. Hale at 3.5 knots, e.g. slowly. “Who?” he asked. “You!” Then… nothing. Etc.'),
    ).toEqual([
      'Mr. Smith met J. R. Hale at 3.5 knots, e.g. slowly.',
      '“Who?” he asked.',
      '“You!”',
      'Then… nothing.',
      'Etc.',
    ])
  })

  test('C3 of what has no end are one', () => {
    expect(split('no end here')).toEqual(['no end here'])
    expect(split('   ')).toEqual([])
  })
})
