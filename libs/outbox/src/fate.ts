import type { Failure } from '@pitcrew/errors'
import { backoffMs } from '@pitcrew/messaging'

/** What becomes of an event that was in hand. */
export type Fate =
  /** The broker has it. */
  | { is: 'published' }
  /** Again after this time, and until then nothing of its key. */
  | { is: 'delayed'; afterMs: number; failure: Failure }
  /** Not tried, because one before it waits or the time ran out. */
  | { is: 'untried' }
  /** Refused for what it is: out of the way of those behind it, kept for a person. */
  | { is: 'parked'; failure: Failure }

/** Refused for who we are, which a person changes: an agent that was blocked, permissions that lack a subject. */
const ofThisIdentity = ['FORBIDDEN', 'BLOCKED', 'UNAUTHENTICATED']

/** `attempts`: how many failed before this one. */
export function fateOf(failure: Failure, attempts: number): Fate {
  if (failure.kind === 'terminal' && !ofThisIdentity.includes(failure.code)) return { is: 'parked', failure }
  const asked = failure.kind === 'retryable' ? (failure.afterMs ?? 0) : 0
  return { is: 'delayed', afterMs: Math.max(asked, backoffMs(attempts + 1, 500, 5_000)), failure }
}
