/**
 * From risk to consequence: observe, then block; a person releases.
 *
 * Blocking may never cost more of a service than `greatestBlockedShare` of its live agents, since a flaw in a detector, or
 * an attacker who frames agents, must not be able to switch a service off. Past that the block is withheld and a person is
 * told. The last agent of a service is never blocked automatically.
 */
export interface LadderSettings {
  /** Risk, 0 to 100, from which an agent is blocked. */
  blockAt: number
  /** 0 to 1. */
  greatestBlockedShare: number
}

export interface Standing {
  actor: string
  risk: number
  blocked: boolean
  /** Agents of its service that live, itself included, and those of them that are blocked. */
  live: number
  liveBlocked: number
}

export type Consequence = { kind: 'observe' } | { kind: 'block'; reason: string } | { kind: 'withhold'; reason: string }

export function consequenceOf(standing: Standing, settings: LadderSettings): Consequence {
  const { risk, blocked, live, liveBlocked } = standing
  if (blocked || risk < settings.blockAt) return { kind: 'observe' }
  const found = `risk ${risk.toFixed(0)} reached the threshold of ${settings.blockAt}`
  if (isPerson(standing.actor) || liveBlocked + 1 <= Math.floor(live * settings.greatestBlockedShare))
    return { kind: 'block', reason: found }
  return {
    kind: 'withhold',
    reason: `${found}, but blocking it would leave ${live - liveBlocked - 1} of ${live} agents of its service; a person has to decide`,
  }
}

/** People are no part of a service's capacity. */
export function isPerson(actor: string): boolean {
  return actor.startsWith('person:')
}
