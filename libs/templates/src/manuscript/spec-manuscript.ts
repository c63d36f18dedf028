/** Texts for the tests: a story with faults that are known, and one as long as wanted. */
import { segment } from '../text/segment.ts'
import type { Look } from '../text/passage.ts'

export const story = `# The Lighthouse

## Arrival

Margaret climbed the hill before dawn. The wind had turned in the night, and the sea below the cliffs was the colour of slate. She carried a lantern, a coil of rope and the letter that her brother had left on the kitchen table.

At the top stood the lighthouse. Nobody had lived there since the war, or so the fishermen told her when they came to the market with their baskets of herring. Margaret did not believe them. Somebody had mended the door.

“You should go back,” said a voice behind her. “There is nothing here for you, and the tide is rising.”

## The Keeper

The man was old, and one of his hands trembled. He said that his name was Aldous, that he had kept the light for forty years, and that he knew her brother well. Margaret asked him where Thomas was. Aldous looked at the water for a long time before he answered.

He took her inside. He lit a small fire. He poured two cups of tea. The room smelled of oil and old paper, and a map of the coast covered most of one wall. Margret saw that a line had been drawn on it in red ink.

The line was followed by her finger to a cove beyond the point. The cove was hidden by the rocks. At the end of the day the boats were never seen there, and the gray water was avoided by the men of the village.

## The Cove

They walked along the beach at low tide. Aldous knows the path and goes first. He is quick for his age and never looks back. The stones are wet, and the cave has no end that she sees.

At the end of the day they found the boat. Thomas sat in it, wrapped in a blanket, and laughed when he saw their faces. At the end of the day, he said, everybody comes to the same harbour.
`

export const lookAt = (text: string, window = 1): Look => ({ text, segmentation: segment(text), window, widest: 4 })

const subjects = 'gull captain widow doctor stranger baker soldier teacher painter clerk'.split(' ')
const verbs = 'watched followed answered forgot mended carried crossed promised opened feared'.split(' ')
const objects = 'river garden bridge letter window market harbour ladder kitchen meadow'.split(' ')
const ends = [
  'without a word',
  'before the rain',
  'as if nothing had happened',
  'and laughed',
  'in the cold light of March',
]

/** Prose of about so many characters, the same each time. */
export function longStory(characters: number): string {
  const parts: string[] = []
  let length = 0
  for (let i = 0; length < characters; i++) {
    const pick = (words: readonly string[], by: number) => words[(i * by + (i >> 3)) % words.length] as string
    const ending = i % 3 === 0 ? ` ${pick(ends, 3)}` : ''
    const sentence = `The ${pick(subjects, 7)} ${pick(verbs, 3)} the ${pick(objects, 9)} near the ${pick(objects, 4)}${ending}.`
    const part = i % 400 === 0 ? `\n\n## Chapter ${i / 400 + 1}\n\n` : i % 6 === 0 ? '\n\n' : ' '
    parts.push(part, sentence)
    length += part.length + sentence.length
  }
  return parts.join('').trim()
}
