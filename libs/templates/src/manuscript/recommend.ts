/** C2: what to do about a manuscript, most worthwhile first, each with the factors that put it there. */
import { choose, type Candidate, type Decision, type Policy } from '@pitcrew/workflow'
import { nodeNames, type Finding, type NodeName } from './analysis.ts'
import { certaintyOf, scoreOf, weights, type Known } from './judge.ts'

export interface Recommendation {
  /** From 1. */
  rank: number
  node: NodeName
  kind: string
  /** Of the worst finding. */
  message: string
  /** How many findings there are of the kind, of those that were kept. */
  count: number
  places: { paragraph: number; offset: number; length: number }[]
  /** 0 to 1. */
  weight: number
}

export interface Report {
  /** 0 to 100. */
  score: number
  /** 0 to 1. */
  certainty: number
  scores: Record<NodeName, number | null>
  recommendations: Recommendation[]
  decision: Decision
}

export const recommendationPolicy: Policy = {
  name: 'recommendation',
  factors: [
    { name: 'severity', weight: 0.35, favours: 'high' },
    { name: 'gain', weight: 0.3, favours: 'high' },
    { name: 'spread', weight: 0.15, favours: 'high' },
    { name: 'certainty', weight: 0.2, favours: 'high' },
  ],
  threshold: 0.3,
}

const mostPlaces = 5
const mostRecommendations = 12
/** As many places are everywhere. */
const everywhere = 20

interface Group {
  node: NodeName
  findings: Finding[]
}

/** @param now Unix milliseconds */
export function recommend({ known, now }: { known: Known; now: number }): Report {
  const groups = groupsOf(known)
  const candidates = [...groups].map(([id, group]) => candidateOf(id, group, known))
  const decision = choose(recommendationPolicy, candidates, { state: 'reviewed', now, keep: mostRecommendations })
  const worthwhile = decision.candidates.filter(({ verdict }) => verdict.is !== 'excluded')
  return {
    score: scoreOf(known),
    certainty: Math.round(certaintyOf(known) * 1000) / 1000,
    scores: Object.fromEntries(nodeNames.map((node) => [node, known[node]?.score ?? null])) as Report['scores'],
    recommendations: worthwhile.map(({ id, score }, i) => recommendation(groups.get(id) as Group, i + 1, score)),
    decision,
  }
}

function groupsOf(known: Known): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const node of nodeNames) {
    for (const finding of known[node]?.findings ?? []) {
      const group = groups.get(finding.kind)
      if (group) group.findings.push(finding)
      else groups.set(finding.kind, { node, findings: [finding] })
    }
  }
  return groups
}

function candidateOf(id: string, { node, findings }: Group, known: Known): Candidate {
  const { score = 100, confidence = 0 } = known[node] ?? {}
  const heaviest = Math.max(...Object.values(weights))
  return {
    id,
    action: node,
    factors: {
      severity: Math.max(...findings.map(({ severity }) => severity)),
      gain: ((100 - score) / 100) * (weights[node] / heaviest),
      spread: Math.min(1, findings.length / everywhere),
      certainty: confidence,
    },
  }
}

function recommendation({ node, findings }: Group, rank: number, weight: number): Recommendation {
  const worst = findings.toSorted((a, b) => b.severity - a.severity || a.offset - b.offset)
  const [{ kind, message }] = worst as [Finding]
  const places = worst.slice(0, mostPlaces).map(({ paragraph, offset, length }) => ({ paragraph, offset, length }))
  return { rank, node, kind, message, count: findings.length, places, weight: Math.round(weight * 1000) / 1000 }
}
