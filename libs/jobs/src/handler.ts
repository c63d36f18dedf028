import type { Logger } from '@pitcrew/observability'
import type { JobKind, Rate } from './kind.ts'

export interface JobContext {
  /** The same for every attempt: the idempotency key of what the job does. */
  readonly id: string
  /** 1 the first time. */
  readonly attempt: number
  readonly scope: string | undefined
  /** The recurring job of which this is one run. */
  readonly runOf: string | undefined
  /** Aborts when somebody cancels the job, its time is over, its claim is lost or the worker must stop. */
  readonly signal: AbortSignal
  readonly logger: Logger
  /** For those who watch; at most twice a second is stored. Terminal BAD_PROGRESS for what is not 0 to 100. */
  progress(percent: number, note?: string): void
}

export interface JobHandler {
  readonly kind: string
  readonly rate: Required<Rate> | undefined
  /** Of this kind at once in one worker; undefined: as many as there are places. */
  readonly concurrency: number | undefined
  readonly invoke: (payload: unknown, context: JobContext) => Promise<unknown>
}

/**
 * What a worker does for jobs of a kind. It may be called again for the same job (at least once): it has to bear that.
 * Resolves: the job is completed with this result. Retryable or any other error: tried again later. Terminal: it has failed.
 */
export function perform<P, R>(
  kind: JobKind<P, R>,
  handler: (payload: P, context: JobContext) => Promise<R>,
  options: { concurrency?: number } = {},
): JobHandler {
  return {
    kind: kind.name,
    rate: kind.rate,
    concurrency: options.concurrency,
    invoke: (payload, context) => handler(payload as P, context),
  }
}
