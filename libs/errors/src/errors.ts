/**
 * The three ways in which work ends badly, and nothing else:
 * - Terminal: refused for good. Sent again unchanged it would be refused again, so it is never retried.
 * - Retryable: may succeed later, at the earliest after `afterMs`.
 * - Cancelled: somebody asked for it to stop.
 *
 * `code` is stable and UPPER_SNAKE_CASE; callers branch on it, never on the message. `hint` says what to do next.
 */
export type Failure = Terminal | Retryable | Cancelled

interface Details {
  /** What to do about it, for the person who reads it. */
  hint?: string
  /** Machine-readable context. No personal data: it is logged. */
  details?: Record<string, unknown>
  cause?: unknown
}

abstract class PitcrewError extends Error {
  abstract readonly kind: 'terminal' | 'retryable' | 'cancelled'
  readonly code: string
  readonly hint: string | undefined
  readonly details: Record<string, unknown>

  constructor(code: string, message: string, { hint, details = {}, cause }: Details = {}) {
    super(message, { cause })
    this.name = new.target.name
    this.code = code
    this.hint = hint
    this.details = details
  }
}

export class Terminal extends PitcrewError {
  readonly kind = 'terminal'
}

export class Retryable extends PitcrewError {
  readonly kind = 'retryable'
  /** Earliest sensible retry, milliseconds from now; undefined leaves it to the caller's backoff. */
  readonly afterMs: number | undefined

  constructor(code: string, message: string, options: Details & { afterMs?: number } = {}) {
    super(code, message, options)
    this.afterMs = options.afterMs
  }
}

export class Cancelled extends PitcrewError {
  readonly kind = 'cancelled'
}

/** Any thrown value as a Failure. What nobody classified may well be passing, so it is retryable with code INTERNAL. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof PitcrewError) return thrown as Failure
  if (Error.isError(thrown) && thrown.name === 'AbortError')
    return new Cancelled('ABORTED', thrown.message, { cause: thrown })
  const message = Error.isError(thrown) ? thrown.message : String(thrown)
  return new Retryable('INTERNAL', message, { cause: thrown })
}
