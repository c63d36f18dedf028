/**
 * F9: what can be seen of style at the surface: passive voice, adverbs, how sentence lengths vary, how much is speech.
 *
 * Passive voice is a form of "be" with a participle behind it, of which the irregular ones are listed. Sentence variation is
 * the coefficient of variation of words per sentence. The limits from which a score falls are this project's own.
 */
import { passageOf, speechIn, type Look, type Passage, type Sentence } from '../text/passage.ts'
import { analysis, confidenceOf, mean, onLine, variation, type Analysis, type Finding } from './analysis.ts'
import { irregularParticiples, notAdverbs, notParticiples } from './verb-forms.ts'

const halfSureSentences = 10
const beForms: ReadonlySet<string> = new Set(
  "am is are was were be been being i'm you're we're they're he's she's it's isn't aren't wasn't weren't".split(' '),
)
/** Words between "be" and the participle: was not really seen. */
const between = /^(?:not|never|also|always|often|still|just|soon|once|.+ly)$/
/** Neighbours whose lengths differ by less than this share read as a drone. */
const sameLength = 0.15
const monotoneRun = 5

export function analyseStyle(look: Look): Analysis {
  const passage = passageOf(look)
  const { sentences, words } = passage
  const passive = sentences.flatMap(passiveIn)
  const adverbs = sentences.flatMap(adverbsIn)
  const monotone = monotoneIn(sentences)
  const lengths = sentences.map((sentence) => sentence.words.length)
  const varies = variation(lengths)
  const passiveShare = passive.length / Math.max(1, sentences.length)
  const adverbShare = adverbs.length / Math.max(1, words.length)
  const score =
    100 -
    onLine(passiveShare, [
      [0.1, 0],
      [0.5, 35],
    ]) -
    onLine(adverbShare, [
      [0.015, 0],
      [0.06, 30],
    ]) -
    (lengths.length < monotoneRun
      ? 0
      : onLine(varies, [
          [0.2, 30],
          [0.45, 0],
        ]))
  return analysis({
    score,
    confidence: confidenceOf(sentences.length, halfSureSentences, passage.share),
    findings: [...passive, ...(adverbShare > 0.015 ? adverbs : []), ...monotone],
    measures: {
      passivePerSentence: passiveShare,
      adverbsPerHundred: adverbShare * 100,
      sentenceVariation: varies,
      wordsPerSentence: mean(lengths),
      speech: speechShare(look.text, passage),
    },
  })
}

function passiveIn({ words, paragraph }: Sentence): Finding[] {
  for (let i = 0; i < words.length - 1; i++) {
    const be = words[i] as (typeof words)[number]
    if (!beForms.has(be.text)) continue
    let next = i + 1
    while (next < i + 3 && between.test(words[next]?.text ?? '')) next++
    const participle = words[next]
    if (!participle || !isParticiple(participle.text)) continue
    const place = { paragraph, offset: be.start, length: participle.end - be.start }
    return [{ kind: 'passive', message: `passive: "${be.text} ${participle.text}"`, ...place, severity: 0.35 }]
  }
  return []
}

const isParticiple = (word: string): boolean =>
  irregularParticiples.has(word) || (/[^e]ed$/.test(word) && word.length > 4 && !notParticiples.has(word))

const adverbsIn = ({ words, paragraph }: Sentence): Finding[] =>
  words.flatMap(({ text, start, end, capital }, i) => {
    if (!/..ly$/.test(text) || text.length < 5 || notAdverbs.has(text) || (capital && i > 0)) return []
    const place = { paragraph, offset: start, length: end - start }
    return [{ kind: 'adverb', message: `adverb: "${text}"`, ...place, severity: 0.2 }]
  })

function monotoneIn(sentences: readonly Sentence[]): Finding[] {
  const found: Finding[] = []
  for (let i = 0; i < sentences.length;) {
    const first = sentences[i] as Sentence
    const usual = first.words.length
    let run = 1
    while (alike(usual, sentences[i + run]?.words.length)) run++
    if (run >= monotoneRun) {
      const message = `${run} sentences in a row of about ${usual} words`
      const place = { paragraph: first.paragraph, offset: first.start }
      const length = (sentences[i + run - 1] as Sentence).end - first.start
      found.push({
        kind: 'monotone',
        message,
        ...place,
        length,
        severity: onLine(run, [
          [5, 0.3],
          [12, 0.9],
        ]),
      })
    }
    i += run
  }
  return found
}

const alike = (usual: number, words: number | undefined): boolean =>
  words !== undefined && Math.abs(words - usual) <= Math.max(1, usual * sameLength)

function speechShare(text: string, { paragraphs }: Passage): number {
  let speech = 0
  let all = 0
  for (const paragraph of paragraphs) {
    all += paragraph.end - paragraph.start
    for (const { start, end } of speechIn(text, paragraph)) speech += end - start
  }
  return all > 0 ? speech / all : 0
}
