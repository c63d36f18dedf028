/** C2: a decision as it is stored and shown. */

/** What one factor added to a score. */
export interface Contribution {
  factor: string
  /** As the candidate gave it, 0 to 1. */
  value: number
  /** How far that speaks for the candidate, 0 to 1: the value, or 1 less the value where a low one is better. */
  favour: number
  /** Share of all weights. */
  weight: number
  /** Weight times favour; these sum up to the score. */
  contribution: number
}

export type Verdict =
  | { is: 'chosen' }
  /** `behind`: the score that it lacks. */
  | { is: 'considered'; behind: number }
  /** `again`: when that reason is gone by itself, Unix milliseconds. */
  | { is: 'excluded'; code: ExclusionCode; reason: string; again?: number }

export type ExclusionCode =
  'WRONG_STATE' | 'ATTEMPTS_SPENT' | 'TOO_SOON' | 'OUT_OF_BOUNDS' | 'BELOW_THRESHOLD' | (string & {})

export interface Judged {
  id: string
  action: string
  score: number
  verdict: Verdict
  contributions: Contribution[]
}

export interface Decision {
  policy: string
  /** Unix milliseconds. */
  at: number
  state: string
  chosen: string | null
  action: string | null
  score: number | null
  /** To the next best candidate that could have been chosen; null if there was none. Negative when it was a turn of fairness. */
  margin: number | null
  by: 'score' | 'fairness' | 'nothing'
  /** The earliest time at which an excluded candidate may do, Unix milliseconds. */
  again: number | null
  /** The chosen one first, then by score, the excluded last. */
  candidates: Judged[]
  /** Candidates that are not shown, for there were too many: none of them was better. */
  omitted: number
  /** In one sentence. */
  because: string
}
