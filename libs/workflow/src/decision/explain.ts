/** C2: a decision in words. */
import type { Decision, Judged } from './decision.ts'
import { round } from './exclude.ts'

/** What decided, in one sentence. */
export function becauseOf({ chosen, score, margin, by, candidates, omitted }: Omit<Decision, 'because'>): string {
  if (chosen === null) return nothingBecause(candidates, omitted)
  const [first, second] = candidates
  if (by === 'fairness') return `${chosen} has waited longest and it is its turn (score ${round(score ?? 0)})`
  const scored = `${chosen} scores ${round(score ?? 0)}`
  if (margin === null || second === undefined) return `${scored}; nothing else was possible`
  return `${scored}, ${round(margin)} above ${second.id}${ahead(first as Judged, second)}`
}

function nothingBecause(candidates: readonly Judged[], omitted: number): string {
  if (candidates.length + omitted === 0) return 'nothing to choose from'
  const reasons = candidates.flatMap(({ id, verdict }) =>
    verdict.is === 'excluded' ? [`${id}: ${verdict.reason}`] : [],
  )
  const shown = reasons.slice(0, 3).join('; ')
  return `none of ${candidates.length + omitted} is possible: ${shown}${reasons.length + omitted > 3 ? '; ...' : ''}`
}

/** The factor in which the winner is furthest ahead. */
function ahead(first: Judged, second: Judged): string {
  let best = { factor: '', lead: 0 }
  for (const [i, { factor, contribution }] of first.contributions.entries()) {
    const lead = contribution - (second.contributions[i]?.contribution ?? 0)
    if (lead > best.lead) best = { factor, lead }
  }
  return best.factor === '' ? '' : `, most of all by ${best.factor}`
}

/** A line for each candidate, best first, for people: what it scored and by which factors, or why it was excluded. */
export function explainDecision(decision: Decision): string[] {
  return [decision.because, ...decision.candidates.map(lineOf)]
}

function lineOf({ id, score, verdict, contributions }: Judged): string {
  if (verdict.is === 'excluded') return `${id}: ${verdict.code}, ${verdict.reason}`
  const parts = contributions
    .toSorted((a, b) => b.contribution - a.contribution)
    .map(({ factor, value, contribution }) => `${factor} ${round(value)} (+${round(contribution)})`)
  return `${id}: ${round(score)} = ${parts.join(', ')}`
}
