/**
 * C3: a text cut into paragraphs and headings, small enough to travel with every task that needs it. Refuses what is no
 * English prose, so that no formula is applied to what it was not made for.
 */
import { Terminal } from '@pitcrew/errors'
import { sentencesOf } from './sentences.ts'
import { functionWords, wordsOf } from './words.ts'

export interface Segmentation {
  characters: number
  words: number
  sentences: number
  /** Three numbers for each: how far behind the last one it begins, how long it is, and its level. */
  paragraphs: number[]
}

export interface Paragraph {
  /** From 1. */
  number: number
  start: number
  end: number
  /** 0 for text, 1 to 6 for a heading. */
  level: number
}

export const mostCharacters = 1_000_000
/** So many fit into what the log takes at once. */
const mostParagraphs = 20_000
const leastWords = 20
/** English prose has about 45 %; other languages that share words with it stay below this. */
const leastFunctionWords = 0.15
const wordsForLanguage = 5_000
const mostControls = 0.01

/** @throws Terminal TEXT_MISSING, TEXT_TOO_LONG, TEXT_TOO_SHORT, TEXT_NOT_PROSE, NOT_ENGLISH */
export function segment(text: unknown): Segmentation {
  if (typeof text !== 'string' || text.trim() === '') refuse('TEXT_MISSING', 'there is no text', 'give the text itself')
  if (text.length > mostCharacters)
    refuse('TEXT_TOO_LONG', `the text has ${text.length} characters, expected at most ${mostCharacters}`, 'split it')
  const controls = text.match(/[\p{Cc}\p{Cs}\uFFFD]/gu)?.filter((one) => !'\n\r\t'.includes(one)).length ?? 0
  if (controls > text.length * mostControls)
    refuse('TEXT_NOT_PROSE', `${controls} of ${text.length} characters are no text`, 'decode it as UTF-8 first')
  const words = wordsOf(text)
  if (words.length < leastWords)
    refuse('TEXT_TOO_SHORT', `the text has ${words.length} words, expected at least ${leastWords}`, 'give more of it')
  const asked = words.slice(0, wordsForLanguage)
  const share = asked.filter((word) => functionWords.has(word.text)).length / asked.length
  if (share < leastFunctionWords)
    refuse('NOT_ENGLISH', `${Math.round(share * 100)} % of its words are common English ones`, 'only English is read')
  const spans = cut(text)
  if (spans.length > mostParagraphs)
    refuse('TEXT_NOT_PROSE', `${spans.length} paragraphs, expected at most ${mostParagraphs}`, 'split the text')
  return {
    characters: text.length,
    words: words.length,
    sentences: spans.reduce((sum, { start, end }) => sum + sentencesOf(text, start, end).length, 0),
    paragraphs: spans.flatMap(({ start, end }, i) => [
      start - (spans[i - 1]?.end ?? 0),
      end - start,
      levelOf(text.slice(start, end)),
    ]),
  }
}

export function paragraphsOf({ paragraphs }: Segmentation): Paragraph[] {
  const found: Paragraph[] = []
  let before = 0
  for (let i = 0; i + 2 < paragraphs.length; i += 3) {
    const start = before + (paragraphs[i] as number)
    const end = start + (paragraphs[i + 1] as number)
    found.push({ number: found.length + 1, start, end, level: paragraphs[i + 2] as number })
    before = end
  }
  return found
}

function refuse(code: string, message: string, hint: string): never {
  throw new Terminal(code, message, { hint })
}

/** At empty lines, and around lines that are headings; a text without empty lines has a paragraph in every line. */
function cut(text: string): { start: number; end: number }[] {
  const eachLine = !/\n[ \t\r]*\n/.test(text)
  const spans: { start: number; end: number }[] = []
  let open: { start: number; end: number } | undefined
  for (let at = 0; at <= text.length;) {
    const next = text.indexOf('\n', at)
    const lineEnd = next < 0 ? text.length : next
    const line = text.slice(at, lineEnd)
    const trimmed = line.trim()
    const start = at + (trimmed === '' ? 0 : line.indexOf(trimmed))
    const span = { start, end: start + trimmed.length }
    const alone = eachLine || levelOf(trimmed) > 0
    if (trimmed === '' || alone) open = undefined
    if (trimmed !== '') {
      if (open) open.end = span.end
      else {
        spans.push(span)
        if (!alone) open = span
      }
    }
    at = lineEnd + 1
  }
  return spans
}

const longestHeading = 80

function levelOf(line: string): number {
  if (line.length > longestHeading || line.includes('\n')) return 0
  const marked = /^(#{1,6})\s+\S/.exec(line)
  if (marked) return (marked[1] as string).length
  if (/^(?:part|book|act)\s+(?:[ivxlc]+|\d+|\p{L}+)(?:[:.\s–—-].*)?$/iu.test(line) && !/[.!?]$/.test(line)) return 1
  if (/^(?:chapter\s+(?:[ivxlc]+|\d+|\p{L}+)(?:[:.\s–—-].*)?|prologue|epilogue)$/iu.test(line)) return 2
  return /\p{Lu}/u.test(line) && !/\p{Ll}/u.test(line) && /\p{L}{3}/u.test(line) && !/[.!?…"”]$/.test(line) ? 2 : 0
}
