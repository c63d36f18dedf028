/**
 * C6: what of a text is read in one look. A first look at a long text reads excerpts from all over it, a wider one more of
 * each, the widest all of it; a text that is read in a moment is read whole at once.
 */
import { paragraphsOf, type Paragraph, type Segmentation } from './segment.ts'
import { sentencesOf, type Span } from './sentences.ts'
import { wordsOf, type Word } from './words.ts'

/** What a node is asked to look at, and how deep. */
export interface Look {
  text: string
  segmentation: Segmentation
  /** From 1. */
  window: number
  widest: number
}

export interface Sentence extends Span {
  paragraph: number
  words: Word[]
}

export interface Passage {
  /** All of the text, headings as well. */
  all: Paragraph[]
  /** Without headings, those that are read. */
  paragraphs: Paragraph[]
  sentences: Sentence[]
  words: Word[]
  /** Of the text's paragraphs, 0 to 1. */
  share: number
}

/** Fewer words than these are always read whole. */
const readAtOnce = 5_000
/** Excerpts that a long text is read in. */
const excerpts = 20

export function passageOf({ text, segmentation, window, widest }: Look): Passage {
  const all = paragraphsOf(segmentation)
  const prose = all.filter(({ level }) => level === 0)
  const share = Math.min(1, Math.max(window / widest, readAtOnce / Math.max(1, segmentation.words)))
  const paragraphs = share === 1 ? prose : excerptsOf(prose, share)
  const sentences: Sentence[] = []
  const words: Word[] = []
  for (const { number, start, end } of paragraphs) {
    for (const span of sentencesOf(text, start, end)) {
      const own = wordsOf(text, span.start, span.end)
      if (own.length === 0) continue
      sentences.push({ ...span, paragraph: number, words: own })
      for (const word of own) words.push(word)
    }
  }
  return { all, paragraphs, sentences, words, share: prose.length > 0 ? paragraphs.length / prose.length : 1 }
}

function excerptsOf(prose: readonly Paragraph[], share: number): Paragraph[] {
  const size = Math.max(1, Math.ceil(prose.length / excerpts))
  const read = Math.max(1, Math.ceil(size * share))
  return prose.filter((_, i) => i % size < read)
}

/** Where people speak: between double quotes. */
export function speechIn(text: string, { start, end }: Span): Span[] {
  const found: Span[] = []
  for (const match of text.slice(start, end).matchAll(/[“"][^“”"]*[”"]?/g)) {
    found.push({ start: start + match.index, end: start + match.index + match[0].length })
  }
  return found
}

export const within = ({ start }: { start: number }, spans: readonly Span[]): boolean =>
  spans.some((span) => start >= span.start && start < span.end)
