/** How long to wait before the next poll of a telematics API. */
export type PollOutcome =
  | { kind: 'more' }
  | { kind: 'caught-up'; retryAfterMs?: number | undefined }
  | { kind: 'failed'; failuresInARow: number; retryAfterMs: number | undefined }

export const longestPollDelayMs = 60_000
/** What a provider asks for is heeded up to here: an absurd Retry-After must not silence a feed for good. */
export const longestRetryAfterMs = 3_600_000

/** Doubles from the interval with each failure in a row, never past a minute unless the provider itself asks for more. */
export function pollDelayMs(outcome: PollOutcome, intervalMs: number): number {
  switch (outcome.kind) {
    case 'more':
      return 0
    case 'caught-up':
      return Math.max(intervalMs, heeded(outcome.retryAfterMs))
    case 'failed': {
      const backoff = Math.min(
        firstBackoffMs(intervalMs) * 2 ** Math.min(outcome.failuresInARow, 16),
        longestPollDelayMs,
      )
      return Math.max(backoff, heeded(outcome.retryAfterMs))
    }
  }
}

/** A feed that is asked every quarter of an hour need not wait as long after a failure. */
const firstBackoffMs = (intervalMs: number) => Math.min(intervalMs, 5_000)

const heeded = (retryAfterMs = 0) => Math.min(retryAfterMs, longestRetryAfterMs)
