import type { vehicle } from '@pitcrew/contracts'
import { channelOfRound, ladderOf, type Unreachable } from './channel.ts'
import type { Customer, ReachChannel } from './customer.ts'
import { quietUntil } from './quiet-hours.ts'

export type Purpose = 'proposal' | 'confirmation' | 'feedback'

/** How, and whether, somebody is contacted. `until` is milliseconds since the epoch. */
export type Contact =
  | { kind: 'write'; channel: ReachChannel }
  | { kind: 'defer'; channel: ReachChannel; until: number; reason: 'QUIET_HOURS' }
  /** A person of the fleet takes over after silence, or because there is no time to wait. */
  | { kind: 'hand-over'; reason: 'NO_REPLY' | 'NO_TIME_TO_ASK' }
  /** Nobody may be written to. */
  | { kind: 'suppress'; reason: Unreachable }

export interface Occasion {
  purpose: Purpose
  urgency: vehicle.Urgency
  silentRounds: number
  now: number
  /** When the question is moot, milliseconds since the epoch. */
  expiresAt: number | undefined
}

/**
 * Quiet hours hold back proposals, reminders and feedback requests, except that CRITICAL is a matter of safety and goes
 * through. A confirmation answers what the customer just did, so it is never held back. A question that quiet hours would
 * hold back until it is moot goes to a person.
 */
export function decideContact(
  customer: Customer | undefined,
  available: ReadonlySet<ReachChannel>,
  occasion: Occasion,
): Contact {
  const ladder = ladderOf(customer, available)
  if (ladder.kind === 'unreachable' || customer === undefined) {
    return { kind: 'suppress', reason: ladder.kind === 'unreachable' ? ladder.reason : 'NO_CUSTOMER' }
  }
  const channel = channelOfRound(ladder.channels, occasion.silentRounds, occasion.urgency)
  if (channel === 'CHANNEL_OPERATOR') return { kind: 'hand-over', reason: 'NO_REPLY' }

  const until = quietHoursOf(customer, occasion.purpose, occasion.urgency, occasion.now)
  if (until === undefined) return { kind: 'write', channel }
  if (occasion.expiresAt !== undefined && until >= occasion.expiresAt)
    return { kind: 'hand-over', reason: 'NO_TIME_TO_ASK' }
  return { kind: 'defer', channel, until, reason: 'QUIET_HOURS' }
}

/** When a message of this kind may be sent, milliseconds since the epoch; undefined is at once. */
export function quietHoursOf(
  customer: Customer,
  purpose: Purpose,
  urgency: vehicle.Urgency,
  now: number,
): number | undefined {
  const atOnce = purpose === 'confirmation' || urgency === 'URGENCY_CRITICAL'
  return atOnce ? undefined : quietUntil(now, customer.timeZone, customer.quietHours)
}
