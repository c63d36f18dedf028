import type { VehicleSystem } from '@pitcrew/signals'
import { modesOf } from './knowledge.ts'
import { supportsOf, type NodeResult } from './node-result.ts'
import { kindOf } from './signal-evidence.ts'

export interface PastFailure {
  system: VehicleSystem
  /** As the workshop confirmed it. */
  failureMode: string
  /** Monitors and codes that spoke then. */
  features: readonly string[]
}

export interface SimilarFailuresInput {
  system: VehicleSystem
  /** Monitors and codes that speak now. */
  features: readonly string[]
  cases: readonly PastFailure[]
  /** How many of the nearest cases vote. */
  neighbours?: number
}

/** Votes that the prior counts for: a handful of cases must not outweigh experience. */
const priorVotes = 4

/** C4: what past cases that looked like this one turned out to be (nearest neighbours by Jaccard similarity). */
export function similarFailures({ system, features, cases, neighbours = 15 }: SimilarFailuresInput): NodeResult {
  const now = new Set(features.map(kindOf))
  const nearest = cases
    .filter((past) => past.system === system)
    .map((past) => ({ past, similarity: jaccard(now, new Set(past.features.map(kindOf))) }))
    .filter(({ similarity }) => similarity > 0)
    .toSorted((a, b) => b.similarity - a.similarity)
    .slice(0, neighbours)
  const total = nearest.reduce((sum, { similarity }) => sum + similarity, 0)
  const priorTotal = modesOf(system).reduce((sum, { prior }) => sum + prior, 0)
  const supports = supportsOf(system, ({ name, prior }) => {
    if (total === 0) return { ratio: 1, reasons: [] }
    const same = nearest.filter(({ past }) => past.failureMode === name)
    const votes = same.reduce((sum, { similarity }) => sum + similarity, 0)
    const share = prior / priorTotal
    // Posterior share over prior share, with the prior worth `priorVotes` cases.
    const ratio = (votes + priorVotes * share) / (total + priorVotes) / share
    return { ratio, reasons: [`${same.length} of ${nearest.length} similar cases were this`] }
  })
  return { node: 'similar-failures', supports, summary: `${nearest.length} similar cases of ${system}` }
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((entry) => b.has(entry)).length
  const union = a.size + b.size - shared
  return union === 0 ? 0 : shared / union
}
