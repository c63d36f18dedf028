/**
 * C2: what earlier decisions came to, and how that moves the next ones. A pure fold: the same outcomes in the same order give
 * the same experience, so it can be rebuilt from a log.
 *
 * The success of an action is an exponentially weighted mean. Weights follow the multiplicative weights method (Freund and
 * Schapire, "A Decision-Theoretic Generalization of On-Line Learning", 1997): a factor that spoke for what then went well
 * gains, one that spoke for what went wrong loses, within the bounds of the policy's `swing`.
 */
import type { Learning, Policy } from './policy.ts'

export interface ActionExperience {
  outcomes: number
  /** Exponentially weighted, 0 (failed) to 1 (went well). */
  success: number
  /** The last outcome, Unix milliseconds. */
  at: number
}

export interface Experience {
  actions: { [action: string]: ActionExperience }
  /** What the weight of a factor is multiplied with; 1 if not here. */
  weights: { [factor: string]: number }
}

export interface Outcome {
  action: string
  at: number
  /** 0 (failed) to 1 (went well). */
  success: number
  /** How far each factor spoke for the choice, 0 to 1: `favour` of the chosen candidate in the decision. */
  favours: Readonly<Record<string, number>>
}

export const noExperience: Experience = { actions: {}, weights: {} }

/** Before anything is known of an action: neither for nor against it. */
const unknownSuccess = 0.5

export function learn(learning: Learning, experience: Experience, outcome: Outcome): Experience {
  const success = clamp(outcome.success)
  const before = experience.actions[outcome.action]
  const old = before?.success ?? unknownSuccess
  const weights = { ...experience.weights }
  for (const [name, favour] of Object.entries(outcome.favours)) {
    // Both centred on 0: agreement of the factor with the outcome moves its weight up, disagreement down.
    const agreement = (2 * clamp(favour) - 1) * (2 * success - 1)
    const moved = (weights[name] ?? 1) * Math.exp(learning.rate * agreement)
    weights[name] = Math.min(learning.swing, Math.max(1 / learning.swing, moved))
  }
  const learnt = {
    outcomes: (before?.outcomes ?? 0) + 1,
    success: old + learning.rate * (success - old),
    at: outcome.at,
  }
  return { actions: { ...experience.actions, [outcome.action]: learnt }, weights }
}

/** The running success of an action, 0.5 while nothing is known of it. */
export const successOf = (experience: Experience, action: string): number =>
  experience.actions[action]?.success ?? unknownSuccess

/** The policy's weights as experience has moved them. */
export function weightsOf(policy: Policy, experience: Experience): Map<string, number> {
  const learns = policy.learning !== undefined
  return new Map(
    policy.factors.map(({ name, weight }) => [name, weight * (learns ? (experience.weights[name] ?? 1) : 1)]),
  )
}

export const clamp = (value: number): number => (Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, value)))
