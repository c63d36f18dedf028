/**
 * C2: what a decision is made of. All of it is plain JSON: a policy can be configured, a decision can be stored in an event
 * and shown as it was made.
 *
 * Invariants of the decision engine
 *  D1 The same policy, candidates and context give the same decision, in whatever order the candidates come.
 *  D2 Every candidate that is shown is chosen, considered or excluded with a code and a reason; the rest is counted.
 *  D3 A score is the sum of its contributions and lies between 0 and 1.
 *  D4 What is excluded is never chosen; nothing chosen is below the threshold, except a candidate whose turn it is (D5).
 *  D5 With `fairness`, whoever waits is chosen in the end, however many better ones keep coming.
 */
import { Terminal } from '@pitcrew/errors'

/** One thing that speaks for or against a candidate, as a number from 0 to 1. */
export interface Factor {
  name: string
  /** Relative to the other weights; 0 shows the factor without counting it. */
  weight: number
  favours: 'high' | 'low'
  /** Value of a candidate that does not say; 0.5, no news, if not set. */
  otherwise?: number
  /** Candidates outside of these bounds are excluded. */
  min?: number
  max?: number
}

/** What applies to all candidates of one kind of action. */
export interface ActionRule {
  /** States of the subject in which the action is possible; any if not set. */
  states?: readonly string[]
  /** How often the action may be tried for one subject. */
  maxAttempts?: number
  /** Least time since the last such action for the same subject, milliseconds. */
  spacingMs?: number
}

/**
 * Every `every`th turn goes to the candidate that has waited longest, if it has waited at least `patienceMs`. So the n-th in
 * the order of arrival waits for at most `every` x n turns after its patience, and the urgent keep the other turns.
 */
export interface Fairness {
  every: number
  patienceMs: number
}

/** How far experience moves a policy; see experience.ts. */
export interface Learning {
  /** Weight of the newest outcome in the running success of an action, 0 to 1. */
  rate: number
  /** Weight of that success as a factor of its own, named `experience`, on the scale of the factors' weights. */
  weight: number
  /** A learnt weight stays between its weight divided by this and times this; 1 leaves the weights as they are. */
  swing: number
}

export interface Policy {
  name: string
  factors: readonly Factor[]
  /** Least score with which a candidate is chosen, 0 to 1. */
  threshold: number
  /** By action; `*` for those that are not named. */
  actions?: Readonly<Record<string, ActionRule>>
  fairness?: Fairness
  learning?: Learning
}

export interface Candidate {
  /** Unique among the candidates. */
  id: string
  /** The kind of action: what limits, spacing and experience go by. */
  action: string
  factors: Readonly<Record<string, number>>
  /** How often it was tried for this subject. */
  attempts?: number
  /** When it was last tried for this subject, Unix milliseconds. */
  lastAt?: number
  /** Since when it has been waiting for its turn, Unix milliseconds. */
  since?: number
  /** Why it is out of the question, as its owner knows: a block, a lost connection. */
  barred?: { code: string; reason: string }
}

/** The name of the factor that experience adds. */
export const experienceFactor = 'experience'

/**
 * @throws Terminal BAD_POLICY
 */
export function checkPolicy({ name, factors, threshold, fairness, learning }: Policy): void {
  const refuse = (what: string): never => {
    throw new Terminal('BAD_POLICY', `policy "${name}": ${what}`)
  }
  const names = new Set([experienceFactor])
  for (const factor of factors) {
    if (names.has(factor.name)) refuse(`two factors are called "${factor.name}"`)
    names.add(factor.name)
    if (!(factor.weight >= 0)) refuse(`factor "${factor.name}" weighs ${factor.weight}, expected 0 or more`)
  }
  const total = factors.reduce((sum, { weight }) => sum + weight, learning?.weight ?? 0)
  if (!(total > 0)) refuse('no factor has any weight')
  if (!(threshold >= 0 && threshold <= 1)) refuse(`threshold ${threshold}, expected 0 to 1`)
  if (fairness && !(fairness.every >= 1)) refuse(`fairness every ${fairness.every} turns, expected 1 or more`)
  if (learning && !(learning.rate > 0 && learning.rate <= 1)) refuse(`rate ${learning.rate}, expected 0 to 1`)
  if (learning && !(learning.swing >= 1)) refuse(`swing ${learning.swing}, expected 1 or more`)
}
