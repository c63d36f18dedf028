/** Sentences of a paragraph, by their punctuation and by what is known not to end one. */

export interface Span {
  start: number
  end: number
}

const abbreviations: ReadonlySet<string> = new Set(
  'mr mrs ms dr prof st sr jr rev hon capt col gen lt sgt no vol pp ch fig e.g i.e etc vs cf approx dept est inc ltd co'.split(
    ' ',
  ),
)
const ending = /[.!?…]+["'”’)\]]*(?=\s|$)/g
/** More than this is not looked back at for an abbreviation. */
const longestAbbreviation = 8

/** @param start of the paragraph, @param end behind it; offsets are those of the whole text */
export function sentencesOf(text: string, start: number, end: number): Span[] {
  const paragraph = text.slice(start, end)
  const spans: Span[] = []
  let from = 0
  const push = (to: number): void => {
    const written = paragraph.slice(from, to)
    const trimmed = written.trim()
    if (trimmed !== '') {
      const at = start + from + written.indexOf(trimmed)
      spans.push({ start: at, end: at + trimmed.length })
    }
    from = to
  }
  for (const match of paragraph.matchAll(ending)) {
    const to = match.index + match[0].length
    if (endsSentence(paragraph, match.index, to)) push(to)
  }
  push(paragraph.length)
  return spans
}

function endsSentence(paragraph: string, at: number, to: number): boolean {
  const next = /^\s*["'“‘([]*(\S)/.exec(paragraph.slice(to, to + 12))?.[1]
  if (next !== undefined && next !== next.toUpperCase()) return false
  if (paragraph[at] !== '.' || to - at > 1) return true
  const before = paragraph.slice(Math.max(0, at - longestAbbreviation), at)
  const word = /(?:^|[\s("'“‘])([\p{L}.]+)$/u.exec(before)?.[1]
  if (word === undefined || next === undefined) return true
  // An initial, or a title before a name.
  return !(/^\p{Lu}$/u.test(word) || abbreviations.has(word.toLowerCase()))
}
