/**
 * F9: how a manuscript is built: headings and their levels, how even its sections are, how long its paragraphs are.
 *
 * Balance is the coefficient of variation of the sections' words. Paragraphs that stand out are those beyond Tukey's outer
 * fence, Q3 + 3 (Q3 - Q1) (J. W. Tukey, Exploratory Data Analysis, 1977).
 */
import { paragraphsOf, type Paragraph } from '../text/segment.ts'
import type { Look } from '../text/passage.ts'
import { wordsOf } from '../text/words.ts'
import { analysis, confidenceOf, mean, onLine, variation, type Analysis, type Finding } from './analysis.ts'

/** A paragraph on a page of its own. */
const longParagraph = 300
/** A text of this length asks for parts. */
const wantsHeadings = 2_500
const halfSureParagraphs = 3

interface Sized extends Paragraph {
  words: number
}
interface Section {
  heading: Sized | undefined
  words: number
}

export function analyseStructure({ text, segmentation }: Look): Analysis {
  const sized = paragraphsOf(segmentation).map((one) => ({ ...one, words: wordsOf(text, one.start, one.end).length }))
  const prose = sized.filter(({ level }) => level === 0)
  const headings = sized.filter(({ level }) => level > 0)
  const sections = sectionsOf(sized)
  const lengths = prose.map(({ words }) => words)
  const balance = variation(sections.map(({ words }) => words))
  const long = longOnes(prose)
  const levels = levelFindings(headings)
  const uneven = sections.flatMap((one) => unevenSection(one, sections))
  const missing = headings.length === 0 && segmentation.words >= wantsHeadings
  const findings = [...long, ...levels, ...uneven, ...(missing ? [noHeadings(sized)] : [])]
  const share = (part: readonly unknown[], all: readonly unknown[]) => part.length / Math.max(1, all.length)
  const score =
    100 -
    onLine(share(long, prose), [
      [0, 0],
      [0.3, 40],
    ]) -
    onLine(share(levels, headings), [
      [0, 0],
      [0.5, 25],
    ]) -
    onLine(balance, [
      [0.5, 0],
      [1.5, 25],
    ]) -
    (missing ? 20 : 0)
  return analysis({
    score,
    confidence: confidenceOf(prose.length, halfSureParagraphs, 1),
    findings,
    measures: {
      headings: headings.length,
      sections: sections.length,
      paragraphs: prose.length,
      wordsPerParagraph: mean(lengths),
      paragraphVariation: variation(lengths),
      sectionVariation: balance,
    },
  })
}

/** What lies between two headings; a heading that is followed by a deeper one at once holds nothing itself. */
function sectionsOf(sized: readonly Sized[]): Section[] {
  const sections: Section[] = []
  for (const one of sized) {
    if (one.level > 0 || sections.length === 0) sections.push({ heading: one.level > 0 ? one : undefined, words: 0 })
    const last = sections.at(-1) as Section
    if (one.level === 0) last.words += one.words
  }
  return sections.filter(
    ({ words, heading }, i) => words > 0 || (sections[i + 1]?.heading?.level ?? 0) <= (heading?.level ?? 0),
  )
}

const at = ({ number, start, end }: Paragraph) => ({ paragraph: number, offset: start, length: end - start })

function longOnes(prose: readonly Sized[]): Finding[] {
  const sorted = prose.map(({ words }) => words).sort((a, b) => a - b)
  const quartile = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  const fence = quartile(0.75) + 3 * (quartile(0.75) - quartile(0.25))
  return prose.flatMap((one) => {
    const standsOut = prose.length >= 8 && one.words > Math.max(fence, 120)
    if (one.words <= longParagraph && !standsOut) return []
    const severity = onLine(one.words, [
      [120, 0.2],
      [longParagraph, 0.5],
      [longParagraph * 3, 1],
    ])
    return [{ kind: 'long-paragraph', message: `a paragraph of ${one.words} words`, ...at(one), severity }]
  })
}

function levelFindings(headings: readonly Sized[]): Finding[] {
  const found: Finding[] = []
  for (const [i, heading] of headings.entries()) {
    const before = headings[i - 1]?.level ?? heading.level
    if (heading.level <= before + 1) continue
    const message = `a heading of level ${heading.level} right under one of level ${before}`
    found.push({ kind: 'skipped-level', message, ...at(heading), severity: 0.4 })
  }
  return found
}

function unevenSection({ heading, words }: Section, sections: readonly Section[]): Finding[] {
  const usual = mean(sections.map((one) => one.words))
  if (!heading) return []
  if (words === 0)
    return [{ kind: 'empty-section', message: 'a heading with nothing under it', ...at(heading), severity: 0.7 }]
  if (sections.length < 3 || (words < usual * 2.5 && words > usual / 5)) return []
  const message = `a section of ${words} words where ${Math.round(usual)} are usual`
  return [{ kind: 'uneven-section', message, ...at(heading), severity: 0.5 }]
}

const noHeadings = (sized: readonly Sized[]): Finding => ({
  kind: 'no-headings',
  message: `no heading in a text of ${sized.length} paragraphs`,
  ...at(sized[0] as Sized),
  severity: 0.6,
})
