/**
 * Token bucket in its form as "theoretical arrival time" (generic cell rate algorithm, ITU-T I.371): one number says how
 * much of the rate is spoken for.
 */
import type { Rate } from './kind.ts'

export interface Turn {
  startMs: number
  /** To be stored before the turn is taken. */
  spokenForUntilMs: number
}

/** `spokenForUntilMs`: as stored; undefined at first. */
export function nextTurn(spokenForUntilMs: number | undefined, nowMs: number, rate: Required<Rate>): Turn {
  const spacingMs = rate.perMs / rate.jobs
  const from = Math.max(spokenForUntilMs ?? 0, nowMs)
  return {
    startMs: Math.max(nowMs, Math.ceil(from - (rate.burst - 1) * spacingMs)),
    spokenForUntilMs: from + spacingMs,
  }
}
