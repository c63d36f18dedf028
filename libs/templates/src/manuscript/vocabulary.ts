/**
 * F9: how rich the vocabulary is, which words are leaned on and which occur once.
 *   MTLD   mean length of runs in which types per token stay above 0.72, read forwards and backwards
 *          P. M. McCarthy and S. Jarvis, MTLD, vocd-D, and HD-D, Behavior Research Methods 42, 2010
 *   MATTR  types per token in a window that moves word by word, averaged
 *          M. A. Covington and J. D. McFall, Cutting the Gordian knot, J. Quantitative Linguistics 17, 2010
 * A wider look takes a wider window, in which words that come back after a while count as well.
 */
import { passageOf, type Look, type Passage } from '../text/passage.ts'
import { functionWords } from '../text/words.ts'
import { analysis, confidenceOf, onLine, type Analysis, type Finding } from './analysis.ts'

export interface Vocabulary extends Analysis {
  /** Content words that are used far more than others, most first. */
  overused: string[]
  /** Long words that occur once. */
  rare: string[]
}

const threshold = 0.72
const mattrWindow = 100
const halfSureWords = 100
/** Of all words: with a content word there, a reader notices. */
const leanedOn = 0.006
const leastUses = 5
const rareLength = 8
const mostListed = 100

export function analyseVocabulary(look: Look): Vocabulary {
  const passage = passageOf(look)
  const tokens = passage.words.map(({ text }) => text)
  const lengthOfRuns = mtld(tokens)
  const richness = mattr(tokens, mattrWindow * look.window)
  const counts = countsOf(passage)
  const total = tokens.length
  const common = [...counts].filter(([, { uses }]) => uses >= leastUses && uses / total > leanedOn)
  const overused = common.sort(([a, { uses: most }], [b, { uses }]) => uses - most || (a < b ? -1 : 1))
  const rare = [...counts].filter(([word, { uses }]) => uses === 1 && word.length >= rareLength).map(([word]) => word)
  const types = new Set(tokens).size
  return {
    ...analysis({
      score:
        onLine(lengthOfRuns, [
          [20, 10],
          [50, 60],
          [70, 85],
          [100, 100],
        ]) - Math.min(25, overused.length * 5),
      confidence: confidenceOf(total, halfSureWords, passage.share),
      findings: overused.map(([word, { uses, first }]) => overuse(word, uses, total, first)),
      measures: { mtld: lengthOfRuns, mattr: richness, words: total, types, rare: rare.length },
    }),
    overused: overused.map(([word]) => word).slice(0, mostListed),
    rare: rare.slice(0, mostListed),
  }
}

interface Uses {
  uses: number
  first: Pick<Finding, 'paragraph' | 'offset' | 'length'>
}

/** Of content words; names, which are written with a capital inside of sentences, are no choice of words. */
function countsOf({ sentences }: Passage): Map<string, Uses> {
  const counts = new Map<string, Uses>()
  const names = new Set<string>()
  for (const { words, paragraph } of sentences) {
    for (const [i, { text, start, end, capital }] of words.entries()) {
      if (functionWords.has(text) || text.length < 3) continue
      if (capital && i > 0) names.add(text)
      const known = counts.get(text)
      if (known) known.uses++
      else counts.set(text, { uses: 1, first: { paragraph, offset: start, length: end - start } })
    }
  }
  for (const name of names) counts.delete(name)
  return counts
}

function overuse(word: string, uses: number, total: number, first: Uses['first']): Finding {
  const perThousand = (1000 * uses) / total
  const message = `"${word}" is used ${uses} times, ${perThousand.toFixed(1)} in a thousand words`
  return {
    kind: 'overused-word',
    message,
    ...first,
    severity: onLine(perThousand, [
      [6, 0.3],
      [30, 1],
    ]),
  }
}

export function mtld(tokens: readonly string[]): number {
  if (tokens.length === 0) return 0
  return (oneWay(tokens) + oneWay(tokens.toReversed())) / 2
}

function oneWay(tokens: readonly string[]): number {
  let factors = 0
  let length = 0
  let ratio = 1
  const types = new Set<string>()
  for (const token of tokens) {
    length++
    types.add(token)
    ratio = types.size / length
    if (ratio > threshold) continue
    factors++
    length = 0
    ratio = 1
    types.clear()
  }
  const part = length > 0 ? (1 - ratio) / (1 - threshold) : 0
  return factors + part > 0 ? tokens.length / (factors + part) : tokens.length
}

export function mattr(tokens: readonly string[], window: number): number {
  if (tokens.length === 0) return 0
  const size = Math.min(window, tokens.length)
  const inside = new Map<string, number>()
  let total = 0
  for (const [i, token] of tokens.entries()) {
    inside.set(token, (inside.get(token) ?? 0) + 1)
    const leaving = tokens[i - size]
    if (leaving !== undefined) {
      const left = (inside.get(leaving) ?? 0) - 1
      if (left > 0) inside.set(leaving, left)
      else inside.delete(leaving)
    }
    if (i >= size - 1) total += inside.size / size
  }
  return total / (tokens.length - size + 1)
}
