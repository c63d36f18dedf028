import type { engagement, vehicle } from '@pitcrew/contracts'

/** An earlier round of a case: what was proposed and what the customer said to it, if anything. */
export interface Round {
  messageId: string
  /** Rounds that ask the same question share it: the id of the first message that asked. */
  offerId: string
  bookingId: string
  urgency: vehicle.Urgency
  reply: engagement.ReplyKind | undefined
}

export interface Opening {
  kind: 'MESSAGE_KIND_PROPOSAL' | 'MESSAGE_KIND_REMINDER'
  offerId: string
  /** Rounds since the customer last said anything: how far the channels have escalated. */
  silentRounds: number
}

/**
 * What the next round is. After an answer (another time, say), or when the matter has become more urgent since, it is a new
 * proposal from the top of the ladder; after silence it is a reminder one step on. It is the same offer only while it is
 * about the same booking and unanswered.
 */
export function openRound(
  earlier: readonly Round[],
  { messageId, bookingId, urgency }: Pick<Round, 'messageId' | 'bookingId' | 'urgency'>,
): Opening {
  const last = earlier.at(-1)
  const closed = earlier.findLastIndex(
    (round) => round.urgency !== urgency || earlier.some((r) => r.offerId === round.offerId && r.reply !== undefined),
  )
  const silentRounds = earlier.length - 1 - closed
  const kind = silentRounds === 0 ? 'MESSAGE_KIND_PROPOSAL' : 'MESSAGE_KIND_REMINDER'
  const sameOffer = last !== undefined && silentRounds > 0 && last.bookingId === bookingId
  return { kind, silentRounds, offerId: sameOffer ? last.offerId : messageId }
}
