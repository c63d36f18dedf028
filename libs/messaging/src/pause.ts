/** Exponential delay before attempt `attempt + 1`: 1 s, 2 s, 4 s ... 60 s for the defaults. */
export function backoffMs(attempt: number, firstMs = 1_000, mostMs = 60_000): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30))
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal?.aborted) return Promise.resolve()
  const done = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', done)
    resolve()
  }
  const timer = setTimeout(done, ms)
  signal?.addEventListener('abort', done)
  return promise
}
