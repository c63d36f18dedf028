import type { scheduling, vehicle } from '@pitcrew/contracts'

/** What a message is about: enough to write it in any language and on any channel, later than it was asked for if need be. */
export type Content = ProposalContent | ConfirmationContent | FeedbackContent

export interface ProposalContent {
  purpose: 'proposal'
  reminder: boolean
  urgency: vehicle.Urgency
  system: vehicle.VehicleSystem
  /** For a driver, in English. */
  problem: string
  slot: scheduling.Slot
  alternatives: scheduling.Slot[]
}

export interface ConfirmationContent {
  purpose: 'confirmation'
  slot: scheduling.Slot
  dealerReference: string
  /** RFC 5545, METHOD:REQUEST. */
  icalendar: string
}

export interface FeedbackContent {
  purpose: 'feedback'
}

/** The slot that a link of this message names, or undefined. */
export function slotOf(content: Content, slotId: string): scheduling.Slot | undefined {
  return content.purpose === 'proposal' ? content.alternatives.find((slot) => slot.slotId === slotId) : undefined
}
