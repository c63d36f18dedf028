/**
 * F9: what is said again in the same words: phrases of several words, and sentences in a row that begin alike.
 *
 * Phrases grow word by word, and only those that occur often enough grow further, for a longer one cannot occur more often
 * (the principle of Apriori: R. Agrawal and R. Srikant, Fast algorithms for mining association rules, 1994). A wider look
 * follows longer phrases and takes fewer occurrences for many.
 */
import { passageOf, type Look, type Passage, type Sentence } from '../text/passage.ts'
import { functionWords } from '../text/words.ts'
import { analysis, confidenceOf, onLine, type Analysis, type Finding } from './analysis.ts'

export interface RepetitionLook extends Look {
  /** Words that are reported as overused already: a phrase has to hold another one to be news. */
  known?: readonly string[]
}

const shortestPhrase = 3
/** Sentences in a row that begin with the same word. */
const startsInRow = 3
const halfSureWords = 150

interface Place {
  sentence: Sentence
  /** Of its first word in the sentence. */
  at: number
}

export function analyseRepetition(look: RepetitionLook): Analysis {
  const passage = passageOf(look)
  const longest = shortestPhrase + 1 + look.window
  const least = Math.max(2, 5 - look.window)
  const known = new Set(look.known ?? [])
  const phrases = phrasesOf(passage.sentences, longest, least).filter(({ words }) =>
    words.some((word) => !functionWords.has(word) && !known.has(word)),
  )
  const starts = sameStarts(passage.sentences)
  const repeated = phrases.reduce((sum, { places, words }) => sum + (places.length - 1) * words.length, 0)
  const perThousand = (1000 * repeated) / Math.max(1, passage.words.length)
  const startShare = starts.reduce((sum, { run }) => sum + run, 0) / Math.max(1, passage.sentences.length)
  return analysis({
    score:
      100 -
      onLine(perThousand, [
        [5, 0],
        [150, 60],
      ]) -
      onLine(startShare, [
        [0.02, 0],
        [0.4, 40],
      ]),
    confidence: confidenceOf(passage.words.length, halfSureWords, passage.share * (look.window / look.widest)),
    findings: [...phrases.map(phraseFinding), ...starts.map(({ finding }) => finding)],
    measures: { phrases: phrases.length, repeatedPerThousand: perThousand, sameStarts: startShare },
  })
}

export interface Phrase {
  words: string[]
  places: Place[]
}

/** Phrases inside of one sentence that occur at least `least` times, without those that only occur inside of longer ones. */
export function phrasesOf(sentences: readonly Sentence[], longest: number, least: number): Phrase[] {
  let growing: Phrase[] = [
    { words: [], places: sentences.flatMap((sentence) => sentence.words.map((_, at) => ({ sentence, at }))) },
  ]
  const found: Phrase[] = []
  for (let length = 1; length <= longest && growing.length > 0; length++) {
    const longer: Phrase[] = []
    for (const phrase of growing) {
      const grown = grow(phrase, least)
      longer.push(...grown)
      const lost = grown.every(({ places }) => places.length < phrase.places.length)
      if (phrase.words.length >= shortestPhrase && lost) found.push(phrase)
    }
    growing = longer
  }
  found.push(...growing.filter(({ words }) => words.length >= shortestPhrase))
  return withoutTails(found)
}

function grow({ words, places }: Phrase, least: number): Phrase[] {
  const next = new Map<string, Place[]>()
  for (const place of places) {
    const word = place.sentence.words[place.at + words.length]?.text
    if (word === undefined) continue
    const known = next.get(word)
    if (known) known.push(place)
    else next.set(word, [place])
  }
  const often: Phrase[] = []
  for (const [word, here] of next) if (here.length >= least) often.push({ words: [...words, word], places: here })
  return often
}

/** "at the end" tells nothing beside "the look at the end" that occurs as often. */
function withoutTails(phrases: readonly Phrase[]): Phrase[] {
  const covered = new Set<string>()
  for (const { words, places } of phrases) {
    for (let from = 1; from <= words.length - shortestPhrase; from++)
      for (let to = from + shortestPhrase; to <= words.length; to++)
        covered.add(`${places.length} ${words.slice(from, to).join(' ')}`)
  }
  return phrases.filter(({ words, places }) => !covered.has(`${places.length} ${words.join(' ')}`))
}

function phraseFinding({ words, places }: Phrase): Finding {
  const [{ sentence, at }] = places as [Place]
  const start = sentence.words[at]?.start ?? sentence.start
  const end = sentence.words[at + words.length - 1]?.end ?? sentence.end
  const message = `"${words.join(' ').slice(0, 120)}" ${places.length} times`
  const severity = onLine(places.length * words.length, [
    [6, 0.2],
    [40, 1],
  ])
  return {
    kind: 'repeated-phrase',
    message,
    paragraph: sentence.paragraph,
    offset: start,
    length: end - start,
    severity,
  }
}

function sameStarts(sentences: Passage['sentences']): { run: number; finding: Finding }[] {
  const found: { run: number; finding: Finding }[] = []
  for (let i = 0; i < sentences.length;) {
    const first = sentences[i] as Sentence
    const word = first.words[0]?.text
    let run = 1
    while (sentences[i + run]?.words[0]?.text === word && sentences[i + run] !== undefined) run++
    if (run >= startsInRow) {
      const last = sentences[i + run - 1] as Sentence
      const message = `${run} sentences in a row begin with "${word}"`
      const severity = onLine(run, [
        [startsInRow, 0.3],
        [8, 1],
      ])
      const place = { paragraph: first.paragraph, offset: first.start, length: last.end - first.start }
      found.push({ run, finding: { kind: 'same-start', message, ...place, severity } })
    }
    i += run
  }
  return found
}
