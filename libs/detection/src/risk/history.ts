/** What happened to the units of a fleet, as training and serving read it. Times are milliseconds since 1970, UTC. */

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

export interface UnitStatics {
  /** Free text; one the training has not seen is treated as none of those it has. */
  model: string
  ageYears: number
}

/**
 * Codes are free text ("P0301", "SPN110-FMI0"). A failure is what the model foretells; whoever knows of one passes it, so that the
 * failed part counts as replaced. Maintenance is a visit in which these components were replaced.
 */
export type RiskEvent =
  | { kind: 'codes'; atMs: number; codes: readonly string[] }
  | { kind: 'failure'; atMs: number; component: string }
  | { kind: 'maintenance'; atMs: number; components: readonly string[] }

export interface UnitHistory {
  unit: string
  statics: UnitStatics
  /** When failures were being recorded: an earlier visit tells the age of a part, and nothing of whether one failed. */
  observed: { fromMs: number; toMs: number }
  /** In any order. */
  events: readonly RiskEvent[]
}

/** The range of Date; what lies outside of it, or is no number, is no time. */
export const isTime = (ms: number): boolean => Math.abs(ms) <= 8.64e15

const rank = { codes: 0, failure: 1, maintenance: 2 } as const

/**
 * By time; at one time codes first, then failures, then visits: a visit recorded at the time of a failure is its repair, and
 * nothing that a code of that time could have known of. Codes of one time are one event.
 */
export function riskEventsInOrder(events: readonly RiskEvent[]): RiskEvent[] {
  const sorted = events
    .filter(({ atMs }) => isTime(atMs))
    .sort((a, b) => a.atMs - b.atMs || rank[a.kind] - rank[b.kind])
  const joined: RiskEvent[] = []
  for (const event of sorted) {
    const last = joined.at(-1)
    if (event.kind === 'codes' && last?.kind === 'codes' && last.atMs === event.atMs)
      joined[joined.length - 1] = { ...last, codes: [...last.codes, ...event.codes] }
    else joined.push(event)
  }
  return joined
}
