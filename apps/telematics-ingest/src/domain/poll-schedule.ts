/** How long to wait before the next poll of a telematics API. */
export type PollOutcome =
  | { kind: 'more' }
  | { kind: 'caught-up' }
  | { kind: 'failed'; failuresInARow: number; retryAfterMs: number | undefined }

export const longestPollDelayMs = 60_000

/** Doubles from the interval with each failure in a row, never past a minute unless the provider itself asks for more. */
export function pollDelayMs(outcome: PollOutcome, intervalMs: number): number {
  switch (outcome.kind) {
    case 'more':
      return 0
    case 'caught-up':
      return intervalMs
    case 'failed': {
      const backoff = Math.min(
        intervalMs * 2 ** Math.min(outcome.failuresInARow, 16),
        Math.max(longestPollDelayMs, intervalMs),
      )
      return Math.max(backoff, outcome.retryAfterMs ?? 0)
    }
  }
}
