/** A token bucket: `perSecond` on average, `burst` at once. Gives 0 when the call may pass, else the seconds to wait. */
export function rateLimit(perSecond: number, burst: number): (nowMs: number) => number {
  let tokens = burst
  let filledAtMs: number | undefined
  return (nowMs) => {
    tokens = Math.min(burst, tokens + ((nowMs - (filledAtMs ?? nowMs)) / 1000) * perSecond)
    filledAtMs = nowMs
    if (tokens < 1) return Math.ceil((1 - tokens) / perSecond)
    tokens -= 1
    return 0
  }
}
