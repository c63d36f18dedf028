import { Retryable } from '@pitcrew/errors'

/** Fails with DEADLINE_EXCEEDED when `fn` takes longer; what it does then goes on unseen. */
export async function within<T>(limitMs: number, what: string, fn: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Retryable('DEADLINE_EXCEEDED', `${what} took longer than ${limitMs} ms`)),
    limitMs,
  )
  try {
    return await Promise.race([fn(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
