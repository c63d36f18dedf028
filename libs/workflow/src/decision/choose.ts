/** C2: the choice among candidates. See policy.ts for what must hold. */
import { Terminal } from '@pitcrew/errors'
import type { Contribution, Decision, Judged } from './decision.ts'
import { excluded, round, valueOf, type Exclusion } from './exclude.ts'
import { noExperience, successOf, weightsOf, type Experience, type Outcome } from './experience.ts'
import { becauseOf } from './explain.ts'
import { checkPolicy, experienceFactor, type Candidate, type Policy } from './policy.ts'

export interface Choosing {
  /** Of the subject: what the state filters go by. */
  state: string
  /** Unix milliseconds. */
  now: number
  /** Decisions made so far, which fairness counts by. */
  turn?: number
  experience?: Experience
  /** How many candidates the decision shows; all if not set. */
  keep?: number
}

interface Scored {
  candidate: Candidate
  score: number
  contributions: Contribution[]
  exclusion: Exclusion | undefined
}

/**
 * @throws Terminal BAD_POLICY, DOUBLED_CANDIDATE
 */
export function choose(policy: Policy, candidates: readonly Candidate[], choosing: Choosing): Decision {
  checkPolicy(policy)
  checkIds(candidates)
  const { state, now, experience = noExperience } = choosing
  const weights = weightsOf(policy, experience)
  const scored = candidates
    .map((candidate) => {
      const contributions = contributionsOf(policy, candidate, weights, experience)
      const score = contributions.reduce((sum, { contribution }) => sum + contribution, 0)
      return { candidate, score, contributions, exclusion: excluded(policy, candidate, state, now) }
    })
    .sort(byScore)
  const possible = scored.filter(({ exclusion }) => exclusion === undefined)
  const waiting = longestWaiting(policy, possible, choosing)
  const best = possible.find(({ score }) => score >= policy.threshold)
  const first = waiting ?? best
  return decisionOf(policy, choosing, scored, first, waiting !== undefined && waiting !== best)
}

/** What became of a decision, for `learn`. Undefined if nothing was chosen. */
export function outcomeOf(decision: Decision, success: number, at: number): Outcome | undefined {
  const chosen = decision.candidates.find(({ verdict }) => verdict.is === 'chosen')
  if (!chosen) return undefined
  const counted = chosen.contributions.filter(({ factor }) => factor !== experienceFactor)
  const favours = Object.fromEntries(counted.map(({ factor, favour }) => [factor, favour]))
  return { action: chosen.action, at, success, favours }
}

/** D1: equal scores are told apart by the id, never by the order in which the candidates came. */
function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || (a.candidate.id < b.candidate.id ? -1 : 1)
}

function contributionsOf(
  policy: Policy,
  candidate: Candidate,
  weights: ReadonlyMap<string, number>,
  experience: Experience,
): Contribution[] {
  const parts = policy.factors.map((factor) => {
    const value = valueOf(factor, candidate)
    const favour = factor.favours === 'high' ? value : 1 - value
    return { factor: factor.name, value, favour, weight: weights.get(factor.name) ?? 0 }
  })
  if (policy.learning) {
    const value = successOf(experience, candidate.action)
    parts.push({ factor: experienceFactor, value, favour: value, weight: policy.learning.weight })
  }
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return parts.map((part) => {
    const weight = part.weight / total
    return { ...part, weight, contribution: weight * part.favour }
  })
}

/** D5: whose turn it is by having waited longest, if this turn is given by waiting. */
function longestWaiting(
  { fairness }: Policy,
  possible: readonly Scored[],
  { turn, now }: Choosing,
): Scored | undefined {
  if (!fairness || turn === undefined || (turn + 1) % fairness.every !== 0) return undefined
  let longest: Scored | undefined
  for (const scored of possible) {
    const since = scored.candidate.since ?? now
    if (now - since < fairness.patienceMs) continue
    if (longest === undefined || since < (longest.candidate.since ?? now)) longest = scored
  }
  return longest
}

function decisionOf(
  policy: Policy,
  { state, now, keep = Infinity }: Choosing,
  scored: readonly Scored[],
  first: Scored | undefined,
  byTurn: boolean,
): Decision {
  const judged = scored.map((one) => judge(policy, one, first))
  const order = { chosen: 0, considered: 1, excluded: 2 }
  const candidates = judged.toSorted((a, b) => order[a.verdict.is] - order[b.verdict.is])
  const next = candidates.find(({ verdict }) => verdict.is === 'considered')
  const again = candidates.flatMap(({ verdict }) => (verdict.is === 'excluded' ? (verdict.again ?? []) : []))
  const decision: Omit<Decision, 'because'> = {
    policy: policy.name,
    at: now,
    state,
    chosen: first?.candidate.id ?? null,
    action: first?.candidate.action ?? null,
    score: first?.score ?? null,
    margin: first && next ? first.score - next.score : null,
    by: first === undefined ? 'nothing' : byTurn ? 'fairness' : 'score',
    again: again.length > 0 ? Math.min(...again) : null,
    candidates: candidates.slice(0, keep),
    omitted: Math.max(0, candidates.length - keep),
  }
  return { ...decision, because: becauseOf(decision) }
}

function judge({ threshold }: Policy, one: Scored, first: Scored | undefined): Judged {
  const { candidate, score, contributions, exclusion } = one
  const judged = { id: candidate.id, action: candidate.action, score, contributions }
  if (one === first) return { ...judged, verdict: { is: 'chosen' } }
  if (exclusion) return { ...judged, verdict: exclusion }
  if (score < threshold) {
    const reason = `scores ${round(score)}, expected at least ${threshold}`
    return { ...judged, verdict: { is: 'excluded', code: 'BELOW_THRESHOLD', reason } }
  }
  return { ...judged, verdict: { is: 'considered', behind: (first?.score ?? score) - score } }
}

function checkIds(candidates: readonly Candidate[]): void {
  const ids = new Set<string>()
  for (const { id } of candidates) {
    if (ids.has(id)) throw new Terminal('DOUBLED_CANDIDATE', `two candidates are called "${id}"; ids are unique`)
    ids.add(id)
  }
}
