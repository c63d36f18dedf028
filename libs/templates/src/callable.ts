/** F9: a capability of a template: JSON in, JSON out, as the agents of this library take and give it. */
import type { Callable } from '@pitcrew/workflow'

export const callable = <I, O>(name: string, timeoutMs: number): Callable<I, O> => ({
  name,
  timeoutMs,
  request: { toJSON: (message: I) => message },
  response: { fromJSON: (json: never) => json as O },
})
