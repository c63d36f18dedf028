/**
 * C2, M7: which pending workflow starts next when the limit of active ones is reached: by priority (M2), by how long it has
 * waited and by how often it was tried before. Every fourth place goes to the one that has waited longest, so that a stream of
 * urgent ones cannot keep a routine one out for ever, and routine ones cannot take more than a quarter from the urgent.
 */
import { choose } from './choose.ts'
import type { Decision } from './decision.ts'
import type { Policy } from './policy.ts'

export interface PendingWorkflow {
  id: string
  /** 1 (urgent) to 4 (routine), M2. */
  priority: number
  /** Unix milliseconds. */
  pendingSince: number
  /** Starts that came to nothing before. */
  retries?: number
  /** Not to be started before this time, Unix milliseconds. */
  notBefore?: number
}

const lowestPriority = 4
/** Age at which waiting weighs as much as it can. */
const fullAgeMs = 600_000
/** Retries after which trying again hardly speaks for a workflow any more. */
const manyRetries = 8

/** Candidates that a decision shows: it is stored with the workflow, however many wait. */
const shown = 5

export const admissionPolicy: Policy = {
  name: 'admission',
  factors: [
    { name: 'priority', weight: 0.65, favours: 'high' },
    { name: 'waiting', weight: 0.25, favours: 'high' },
    { name: 'retries', weight: 0.1, favours: 'low', otherwise: 0 },
  ],
  threshold: 0,
  actions: { start: { states: ['pending'] } },
  fairness: { every: 4, patienceMs: 1_000 },
}

/** @param admitted how many were admitted so far, which fairness counts by */
export function chooseAdmission(pending: readonly PendingWorkflow[], now: number, admitted: number): Decision {
  const candidates = pending.map(({ id, priority, pendingSince, retries = 0, notBefore = 0 }) => ({
    id,
    action: 'start',
    since: pendingSince,
    factors: {
      priority: (lowestPriority - priority) / (lowestPriority - 1),
      waiting: (now - pendingSince) / fullAgeMs,
      retries: retries / manyRetries,
    },
    ...(notBefore > now && {
      barred: { code: 'TOO_SOON', reason: `not before ${new Date(notBefore).toISOString()}`, again: notBefore },
    }),
  }))
  return choose(admissionPolicy, candidates, { state: 'pending', now, turn: admitted, keep: shown })
}
