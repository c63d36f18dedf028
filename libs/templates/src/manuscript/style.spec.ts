import { describe, expect, test } from '@jest/globals'
import { lookAt, story } from './spec-manuscript.ts'
import { analyseStyle } from './style.ts'

const plain =
  'The wind had turned and the sea was grey. She went in. Nobody on the whole of the long pier had seen her go, or heard the door. '
const at = (text: string) => {
  const { findings } = analyseStyle(lookAt(text))
  return findings.map(({ kind, offset, length }) => [kind, text.slice(offset, offset + length)])
}

describe('C3 style', () => {
  test('F9 finds the passive voice, also across adverbs, and no adjectives', () => {
    expect(
      at(
        `${plain}The rope was not really cut by him. It had been carefully mended. She was tired of it. They were interested in the red door. He is loved.`,
      ).filter(([kind]) => kind === 'passive'),
    ).toEqual([
      ['passive', 'was not really cut'],
      ['passive', 'been carefully mended'],
      ['passive', 'is loved'],
    ])
  })

  test('F9 finds adverbs where there are many, and no other words in -ly', () => {
    expect(at(`${plain}He slowly and sadly went to the only friendly family.`)).toEqual([
      ['adverb', 'slowly'],
      ['adverb', 'sadly'],
    ])
    expect(at(`${story}He slowly went in.`).filter(([kind]) => kind === 'adverb')).toEqual([])
  })

  test('F9 finds sentences in a row that are of one length', () => {
    const drone =
      'He went to the old house again. She was at the green door. They had come up from town. It was not for them all. We are in on the thing.'
    expect(at(`${plain}${drone}`).map(([kind]) => kind)).toEqual(['monotone'])
    expect(analyseStyle(lookAt(drone)).score).toBeLessThan(analyseStyle(lookAt(plain)).score)
  })

  test('F9 measures how much is speech', () => {
    const { measures } = analyseStyle(
      lookAt(`“You should go back to where you were,” she said to all of us who were there.\n\n${plain}`),
    )
    expect(measures.speech).toBeGreaterThan(0.15)
    expect(measures.speech).toBeLessThan(0.3)
  })
})
