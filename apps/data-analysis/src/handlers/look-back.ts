const day = 86_400_000

/** How far back a pass of the diagnosis looks (C4): 90 days, then a year, then everything. Unix milliseconds. */
export function lookBackMs(iteration: number, nowMs: number): number {
  if (iteration <= 1) return nowMs - 90 * day
  return iteration === 2 ? nowMs - 365 * day : 0
}

/** Peers are compared in the same days; a later pass takes in those that were seen longer ago. */
export function peersSinceMs(iteration: number, nowMs: number): number {
  if (iteration <= 1) return nowMs - 7 * day
  return iteration === 2 ? nowMs - 90 * day : 0
}
