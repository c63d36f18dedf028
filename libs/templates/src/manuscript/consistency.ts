/**
 * F9: whether a text says the same thing in the same way: names and words that are spelt in two ways, British and American
 * spelling side by side, and paragraphs that leave the tense of the narration.
 *
 * Spellings are compared by edit distance (spelling.ts). A wider look also compares long names at a distance of two and rare
 * words with frequent ones.
 */
import { passageOf, speechIn, within, type Look, type Passage } from '../text/passage.ts'
import { functionWords, type Word } from '../text/words.ts'
import { analysis, confidenceOf, onLine, type Analysis, type Finding } from './analysis.ts'
import { distance, spellings, type Dialect } from './spelling.ts'
import { pastVerbs, presentVerbs } from './verb-forms.ts'

export interface ConsistencyLook extends Look {
  /** Long words that occur once, of which some may be slips of the pen. */
  rare?: readonly string[]
}

const halfSureWords = 200
/** Names that are compared with each other, the most frequent first. */
const mostNames = 500
const nameLength = 4
const longName = 7
/** A spelling that occurs this many times more often is the meant one. */
const clearlyMeant = 3
const verbsForTense = 3
const shiftedShare = 0.75

interface Use {
  text: string
  uses: number
  at: Pick<Finding, 'paragraph' | 'offset' | 'length'>
}

interface Name extends Use {
  sure: boolean
}

export function analyseConsistency(look: ConsistencyLook): Analysis {
  const passage = passageOf(look)
  const { names, words } = usesOf(passage)
  const deep = look.window >= 2
  const spelt = nameVariants(names, deep)
  const slips = deep ? slipsOf(look.rare ?? [], words) : []
  const mixed = mixedDialects(passage)
  const { shifts, dominance } = tenseOf(look.text, passage)
  const penalty =
    onLine(spelt.length + slips.length, [
      [0, 0],
      [1, 10],
      [8, 45],
    ]) +
    onLine(mixed.length, [
      [0, 0],
      [1, 10],
      [10, 30],
    ]) +
    onLine(shifts.length / Math.max(1, passage.paragraphs.length), [
      [0, 0],
      [0.02, 5],
      [0.4, 45],
    ])
  return analysis({
    score: 100 - penalty,
    confidence: confidenceOf(passage.words.length, halfSureWords, passage.share * (deep ? 1 : 0.5)),
    findings: [...spelt, ...slips, ...mixed, ...shifts],
    measures: {
      names: names.filter(({ sure }) => sure).length,
      variants: spelt.length,
      slips: slips.length,
      tense: dominance,
      mixed: mixed.length,
    },
  })
}

/** A word that is never written small is a name: surely if it has a capital inside of a sentence, or is there again. */
function usesOf({ sentences }: Passage): { names: Name[]; words: Use[] } {
  const capitals = new Map<string, Use>()
  const others = new Map<string, Use>()
  const inside = new Set<string>()
  for (const { words, paragraph } of sentences) {
    for (const [i, { text, start, end, capital }] of words.entries()) {
      const bare = text.replace(/'s?$/, '')
      if (functionWords.has(text) || functionWords.has(bare)) continue
      const uses = capital ? capitals : others
      const known = uses.get(bare)
      if (known) known.uses++
      else uses.set(bare, { text: bare, uses: 1, at: { paragraph, offset: start, length: end - start } })
      if (capital && i > 0) inside.add(bare)
    }
  }
  const names = byUses([...capitals.values()].filter(({ text }) => !others.has(text)))
  return {
    names: names.map((use) => ({ ...use, sure: inside.has(use.text) || use.uses > 1 })),
    words: byUses([...others.values()]),
  }
}

const byUses = (uses: Use[]): Use[] => uses.sort((a, b) => b.uses - a.uses || (a.text < b.text ? -1 : 1))

function nameVariants(names: readonly Name[], deep: boolean): Finding[] {
  const compared = names.filter(({ text }) => text.length >= nameLength).slice(0, mostNames)
  return compared.flatMap((rare) => {
    const most = deep && rare.text.length >= longName ? 2 : 1
    const meant = compared.find(
      (one) => one.sure && one.uses >= clearlyMeant * rare.uses && near(one.text, rare.text, most),
    )
    if (!meant) return []
    const message = `the name "${rare.text}" (${rare.uses}) is elsewhere "${meant.text}" (${meant.uses})`
    return [{ kind: 'name-variant', message, ...rare.at, severity: 0.8 }]
  })
}

/** Not a plural or another form of the same word, which differ at the end or go on. */
function near(meant: string, rare: string, most: number): boolean {
  if (meant === rare || meant.startsWith(rare) || rare.startsWith(meant)) return false
  return distance(meant, rare, most) <= most
}

function slipsOf(rare: readonly string[], words: readonly Use[]): Finding[] {
  const byText = new Map(words.map((use) => [use.text, use]))
  const frequent = words.filter(({ text, uses }) => uses >= clearlyMeant && text.length >= longName)
  return rare.flatMap((text) => {
    const use = byText.get(text)
    const meant = frequent.find((one) => one.text.at(-1) === text.at(-1) && near(one.text, text, 1))
    if (!use || !meant || spellings.has(text)) return []
    const message = `"${text}" may be a slip for "${meant.text}" (${meant.uses})`
    return [{ kind: 'spelling-slip', message, ...use.at, severity: 0.7 }]
  })
}

function mixedDialects({ sentences }: Passage): Finding[] {
  const found: Record<Dialect, { word: Word; paragraph: number; other: string }[]> = { british: [], american: [] }
  for (const { words, paragraph } of sentences) {
    for (const word of words) {
      const spelling = spellings.get(word.text)
      if (spelling) found[spelling.dialect].push({ word, paragraph, other: spelling.other })
    }
  }
  const { british, american } = found
  if (british.length === 0 || american.length === 0) return []
  const [odd, usual, many] =
    british.length < american.length ? [british, 'american', american.length] : [american, 'british', british.length]
  return odd.map(({ word: { text, start, end }, paragraph, other }) => ({
    kind: 'mixed-spelling',
    message: `"${text}" where the text is mostly ${usual} (${many} times): "${other}"`,
    paragraph,
    offset: start,
    length: end - start,
    severity: 0.5,
  }))
}

/** `dominance`: share of the narration's verbs that are in its main tense. */
function tenseOf(text: string, { sentences, paragraphs }: Passage): { shifts: Finding[]; dominance: number } {
  const counts = new Map(paragraphs.map((one) => [one.number, { past: 0, present: 0, speech: speechIn(text, one) }]))
  const all = { past: 0, present: 0 }
  for (const { words, paragraph } of sentences) {
    const count = counts.get(paragraph)
    for (const word of words) {
      const [isPast, isPresent] = [pastVerbs.has(word.text), presentVerbs.has(word.text)]
      if (!count || !(isPast || isPresent) || within(word, count.speech)) continue
      const tense = isPast ? 'past' : 'present'
      count[tense]++
      all[tense]++
    }
  }
  const { past, present } = all
  const main = past >= present ? 'past' : 'present'
  const dominance = past + present > 0 ? Math.max(past, present) / (past + present) : 1
  const shifts = paragraphs.flatMap(({ number, start, end }) => {
    const { past: before, present: here } = counts.get(number) as { past: number; present: number }
    const against = main === 'past' ? here : before
    if (before + here < verbsForTense || against / (before + here) < shiftedShare) return []
    const message = `${against} of ${before + here} verbs leave the ${main} tense of the narration`
    return [{ kind: 'tense-shift', message, paragraph: number, offset: start, length: end - start, severity: 0.6 }]
  })
  return { shifts, dominance }
}
