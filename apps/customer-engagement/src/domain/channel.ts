import type { vehicle } from '@pitcrew/contracts'
import { addressOf, type Customer, type ReachChannel } from './customer.ts'

/** Why no machine may write, in the order in which they are checked. Stable: it is the reason of the message record. */
export type Unreachable = 'NO_CUSTOMER' | 'ERASED' | 'NO_CONSENT' | 'NO_ADDRESS' | 'NO_CHANNEL'

export type Ladder = { kind: 'usable'; channels: ReachChannel[] } | { kind: 'unreachable'; reason: Unreachable }

/**
 * The channels that may be used, most preferred first: consented, with an address, and with an adapter at work here.
 * A customer who stated no preference is reached over what they consented to, in that order.
 */
export function ladderOf(customer: Customer | undefined, available: ReadonlySet<ReachChannel>): Ladder {
  if (customer === undefined) return { kind: 'unreachable', reason: 'NO_CUSTOMER' }
  if (customer.profile === undefined) return { kind: 'unreachable', reason: 'ERASED' }
  const order = [...new Set([...customer.channels, ...customer.consents])]
  const consented = order.filter((channel) => customer.consents.includes(channel))
  if (consented.length === 0) return { kind: 'unreachable', reason: 'NO_CONSENT' }
  const addressed = consented.filter((channel) => addressOf(customer, channel) !== undefined)
  if (addressed.length === 0) return { kind: 'unreachable', reason: 'NO_ADDRESS' }
  const channels = addressed.filter((channel) => available.has(channel))
  return channels.length === 0 ? { kind: 'unreachable', reason: 'NO_CHANNEL' } : { kind: 'usable', channels }
}

/**
 * The channel of a round that follows `silentRounds` unanswered ones: one step further along the ladder each time, then a
 * person. With a single channel a reminder goes the same way once, unless the matter is CRITICAL.
 */
export function channelOfRound(
  channels: readonly ReachChannel[],
  silentRounds: number,
  urgency: vehicle.Urgency,
): ReachChannel | 'CHANNEL_OPERATOR' {
  const only = channels.length === 1 ? channels[0] : undefined
  const ladder = only !== undefined && urgency !== 'URGENCY_CRITICAL' ? [only, only] : channels
  return ladder[silentRounds] ?? 'CHANNEL_OPERATOR'
}

/** What is left of the ladder below a channel that failed for good. */
export function channelAfter(
  channels: readonly ReachChannel[],
  failed: ReadonlySet<ReachChannel>,
): ReachChannel | 'CHANNEL_OPERATOR' {
  return channels.find((channel) => !failed.has(channel)) ?? 'CHANNEL_OPERATOR'
}
