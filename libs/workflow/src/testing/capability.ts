import type { Callable } from '../definition/options.ts'

/** A capability of a test: any JSON in and out. */
export function capability<I, O>(name: string): Callable<I, O> {
  return {
    name,
    timeoutMs: 1_000,
    request: { toJSON: (message: I) => message },
    response: { fromJSON: (json: never) => json as O },
  }
}
