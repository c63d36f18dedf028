import { setTimeout as pause } from 'node:timers/promises'

/**
 * Waits for a condition: tries until the assertion neither throws nor gives `false`, and then gives its value. Fails with what
 * the last try said. The only waiting that tests do.
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<T> {
  const end = performance.now() + timeoutMs
  for (let waitMs = 2; ; waitMs = Math.min(waitMs * 2, 100)) {
    const tried = await attempt(assertion)
    if (tried.held) return tried.value
    if (performance.now() >= end) throw tried.reason
    await pause(waitMs)
  }
}

type Tried<T> = { held: true; value: T } | { held: false; reason: unknown }

async function attempt<T>(assertion: () => T | Promise<T>): Promise<Tried<T>> {
  try {
    const value = await assertion()
    if (value === false) return { held: false, reason: new Error(`never came true: ${assertion.toString()}`) }
    return { held: true, value }
  } catch (reason) {
    return { held: false, reason }
  }
}
