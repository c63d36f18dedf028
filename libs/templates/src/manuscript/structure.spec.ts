import { describe, expect, test } from '@jest/globals'
import { lookAt, longStory, story } from './spec-manuscript.ts'
import { analyseStructure } from './structure.ts'

const some = 'It was a day like all the others and nobody in the house had seen it come in from the sea.'
const words = (count: number) => Array.from({ length: count }, (_, i) => some.split(' ')[i % 20]).join(' ')
const kinds = (text: string) => analyseStructure(lookAt(text)).findings.map(({ kind }) => kind)

describe('C3 structure', () => {
  test('F9 finds nothing to say of a text that is built well', () => {
    expect(analyseStructure(lookAt(story))).toMatchObject({
      score: 100,
      found: 0,
      measures: { headings: 4, sections: 3, paragraphs: 8 },
    })
  })

  test('F9 names headings that skip a level, stand over nothing, or share a text unevenly', () => {
    const text = `# One\n\n${words(60)}\n\n### Deep\n\n${words(60)}\n\n# Two\n\n# Three\n\n${words(60)}\n\n# Four\n\n${words(700)}`
    const { findings, score } = analyseStructure(lookAt(text))
    expect(findings.map(({ kind, offset }) => [kind, text.slice(offset, offset + 7).trim()])).toEqual([
      ['skipped-level', '### Dee'],
      ['empty-section', '# Two'],
      ['uneven-section', '# Four'],
      ['long-paragraph', 'It was'],
    ])
    expect(score).toBeLessThan(60)
  })

  test('F9 a paragraph that stands out is one beyond Tukey’s outer fence', () => {
    const even = Array.from({ length: 10 }, () => words(40)).join('\n\n')
    expect(kinds(even)).toEqual([])
    expect(kinds(`${even}\n\n${words(130)}`)).toEqual(['long-paragraph'])
    expect(kinds(`${words(40)}\n\n${words(130)}`)).toEqual([])
  })

  test('F9 a long text asks for headings', () => {
    expect(kinds(longStory(20_000).replaceAll(/^#.*$/gm, ''))).toEqual(['no-headings'])
  })
})
