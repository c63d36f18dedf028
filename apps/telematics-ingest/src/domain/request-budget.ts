/**
 * How often a provider may be asked: a token bucket of `perSecond` on average with `burst` at once. Every call takes a place
 * and gives how long to wait for it, milliseconds: callers that come together are spread out, none is turned away.
 */
export function requestBudget(perSecond: number, burst: number): (nowMs: number) => number {
  const everyMs = 1000 / perSecond
  let nextMs = -Infinity
  return (nowMs) => {
    const placeMs = Math.max(nextMs, nowMs - everyMs * (burst - 1))
    nextMs = placeMs + everyMs
    return Math.max(0, placeMs - nowMs)
  }
}
