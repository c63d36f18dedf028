import { createHash } from 'node:crypto'
import type { engagement, vehicle } from '@pitcrew/contracts'
import type { Purpose } from './contact.ts'
import type { Content } from './content.ts'
import type { ReachChannel } from './customer.ts'

/**
 * A notification: what somebody is to be told, whatever it takes. Each try on a channel is an attempt of its own, so a failed
 * attempt never hides that the notification is still owed.
 */
export interface Message {
  messageId: string
  caseId: string
  vehicleId: string
  /** Undefined when nobody is known for the vehicle. */
  customerId: string | undefined
  purpose: Purpose
  kind: engagement.MessageKind
  urgency: vehicle.Urgency
  /** The channel of the next attempt, or of the one that got through. */
  channel: engagement.Channel
  status: Status
  /** Why it was suppressed, deferred or handed over. */
  reason: string
  /** Milliseconds since the epoch: when it was sent or suppressed, or will be sent. */
  at: number
  /** When the question is moot, milliseconds since the epoch. */
  expiresAt: number | undefined
  offerId: string
  bookingId: string
  /** Undefined when there was nobody to write to, or the person was erased since. */
  content: Content | undefined
}

/** `due`: the task that asked for it is sending it; `deferred`: it is sent at its time without any task. */
export type Status = 'due' | 'deferred' | 'sent' | 'suppressed'

/** A way in which an attempt failed. */
export interface FailedAttempt {
  channel: ReachChannel
  /** Refused for good, as opposed to worth another try. */
  final: boolean
}

const triesPerChannel = 3

/** Channels that this message must not be tried on again: refused for good, or out of tries. */
export function failedChannels(attempts: readonly FailedAttempt[]): Set<ReachChannel> {
  const failed = new Set<ReachChannel>()
  for (const { channel, final } of attempts) {
    const tries = attempts.filter((attempt) => attempt.channel === channel).length
    if (final || tries >= triesPerChannel) failed.add(channel)
  }
  return failed
}

/** The same for the same occasion, so a task delivered twice finds the message that it made the first time. */
export function messageIdOf(caseId: string, purpose: Purpose, occasion: string): string {
  return stableId('msg', caseId, purpose, occasion)
}

export function stableId(prefix: string, ...parts: string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${prefix}-${digest.slice(0, 24)}`
}

export function recordOf(message: Message): engagement.MessageRecord {
  const { messageId, caseId, vehicleId, kind, channel } = message
  const at = new Date(message.at).toISOString()
  return { messageId, caseId, vehicleId, kind, channel, at, ...statusOf(message) }
}

function statusOf({ status, reason }: Message): { status: engagement.MessageStatus; reason: string } {
  switch (status) {
    case 'due':
      return { status: 'MESSAGE_STATUS_DEFERRED', reason: 'BEING_SENT' }
    case 'deferred':
      return { status: 'MESSAGE_STATUS_DEFERRED', reason }
    case 'sent':
      return { status: 'MESSAGE_STATUS_SENT', reason }
    case 'suppressed':
      return { status: 'MESSAGE_STATUS_SUPPRESSED', reason }
  }
}
