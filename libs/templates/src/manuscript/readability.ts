/**
 * F9: how hard a text is to read, by four formulas over words per sentence and syllables per word:
 *   Flesch reading ease   206.835 - 1.015 w/s - 84.6 syll/w     R. Flesch, A new readability yardstick, 1948
 *   Flesch-Kincaid grade  0.39 w/s + 11.8 syll/w - 15.59        J. P. Kincaid and others, US Navy report 8-75, 1975
 *   Gunning fog           0.4 (w/s + 100 hard/w)                R. Gunning, The technique of clear writing, 1952
 *   SMOG                  1.0430 sqrt(30 poly/s) + 3.1291       G. H. McLaughlin, SMOG grading, 1969
 * where poly are words of three syllables or more, and hard are these without names, compounds and such as have their third
 * syllable from -es, -ed or -ing.
 */
import { passageOf, type Look, type Passage, type Sentence } from '../text/passage.ts'
import { syllablesOf } from '../text/syllables.ts'
import type { Word } from '../text/words.ts'
import { analysis, confidenceOf, onLine, type Analysis, type Finding } from './analysis.ts'

export interface Readability {
  readingEase: number
  grade: number
  fog: number
  smog: number
  wordsPerSentence: number
  syllablesPerWord: number
}

interface Count {
  sentences: number
  words: number
  syllables: number
  hard: number
  poly: number
}

/** Flesch took samples of 100 words. */
const halfSureWords = 100
const hardSentence = 18
const leastWords = 12

export function analyseReadability(look: Look): Analysis {
  const passage = passageOf(look)
  const seen = new Map<string, number>()
  const counts = passage.sentences.map((sentence) => countOf(sentence, seen))
  const total = counts.reduce(sum, { sentences: 0, words: 0, syllables: 0, hard: 0, poly: 0 })
  const measures = formulas(total)
  return analysis({
    score: scoreOf(measures),
    confidence: confidenceOf(total.words, halfSureWords, passage.share),
    findings: hardSentences(passage, counts),
    measures: { ...measures, words: total.words, sentences: total.sentences },
  })
}

export function formulas({ sentences, words, syllables, hard, poly }: Count): Readability {
  const length = words / Math.max(1, sentences)
  const weight = syllables / Math.max(1, words)
  return {
    readingEase: 206.835 - 1.015 * length - 84.6 * weight,
    grade: 0.39 * length + 11.8 * weight - 15.59,
    fog: 0.4 * (length + (100 * hard) / Math.max(1, words)),
    smog: 1.043 * Math.sqrt((30 * poly) / Math.max(1, sentences)) + 3.1291,
    wordsPerSentence: length,
    syllablesPerWord: weight,
  }
}

/** Plain English, a reading ease of 60 to 80 in Flesch's table, has it all; the ends of his scale have little. */
const scoreOf = ({ readingEase }: Readability): number =>
  onLine(readingEase, [
    [0, 10],
    [30, 45],
    [60, 100],
    [85, 100],
    [100, 80],
    [120, 50],
  ])

const sum = (a: Count, b: Count): Count => ({
  sentences: a.sentences + b.sentences,
  words: a.words + b.words,
  syllables: a.syllables + b.syllables,
  hard: a.hard + b.hard,
  poly: a.poly + b.poly,
})

function countOf({ words }: Sentence, seen: Map<string, number>): Count {
  const count = { sentences: 1, words: words.length, syllables: 0, hard: 0, poly: 0 }
  for (const [i, word] of words.entries()) {
    const known = seen.get(word.text)
    const syllables = known ?? syllablesOf(word.text)
    if (known === undefined) seen.set(word.text, syllables)
    count.syllables += syllables
    if (syllables < 3) continue
    count.poly++
    if (isHard(word, syllables, i > 0)) count.hard++
  }
  return count
}

function isHard({ text, capital }: Word, syllables: number, inside: boolean): boolean {
  if ((capital && inside) || text.includes('-')) return false
  return syllables > 3 || !/(?:[^aeiou]ing|[td]ed|[szxcg]es|[cs]hes)$/.test(text)
}

/** Sentences that a reader would need more than school for, by their own Flesch-Kincaid grade. */
function hardSentences({ sentences }: Passage, counts: readonly Count[]): Finding[] {
  return sentences.flatMap(({ paragraph, start, end, words }, i) => {
    const { grade } = formulas(counts[i] as Count)
    if (grade <= hardSentence || words.length < leastWords) return []
    const message = `a sentence of ${words.length} words, grade ${Math.round(grade)}`
    const severity = onLine(grade, [
      [hardSentence, 0.3],
      [40, 1],
    ])
    return [{ kind: 'hard-sentence', message, paragraph, offset: start, length: end - start, severity }]
  })
}
