/** Where the reading of a fleet stands: a round goes through all pages of the snapshot, with the fault codes since the last. */
import { z } from 'zod'

export interface Round {
  page: number
  /** When the round before this one began; fault codes since then are asked for. */
  sinceMs: number
  /** When this one began. */
  untilMs: number
}

/** How far back the first round looks for fault codes. */
const firstLookMs = 24 * 3_600_000

const schema = z.object({
  page: z.int().min(1),
  sinceMs: z.int().min(0),
  /** Absent between two rounds. */
  untilMs: z.int().min(0).optional(),
})

/** One that cannot be read begins anew. */
export function roundOf(cursor: string, nowMs: number): Round {
  const parsed = schema.safeParse(jsonOf(cursor))
  if (!parsed.success) return { page: 1, sinceMs: nowMs - firstLookMs, untilMs: nowMs }
  // A clock that was set back must not turn the window around.
  const { page, sinceMs, untilMs = nowMs } = parsed.data
  return { page, sinceMs, untilMs: Math.max(sinceMs, untilMs) }
}

export function cursorAfter({ sinceMs, untilMs }: Round, nextPage: number | undefined): string {
  return JSON.stringify(nextPage === undefined ? { page: 1, sinceMs: untilMs } : { page: nextPage, sinceMs, untilMs })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
