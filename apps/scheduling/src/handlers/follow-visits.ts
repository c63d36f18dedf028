import { toFailure } from '@pitcrew/errors'
import type { Booking } from '../domain/booking.ts'
import type { Workshop } from './workshop.ts'

/**
 * Takes in what the dealer reports since the last time. A dealer who has forgotten what it was told (its cursor is
 * unknown) is told again: the bookings are ours, and booking is keyed, so nothing is doubled.
 */
export async function followVisits(workshop: Workshop): Promise<void> {
  const { diary, dealer } = workshop
  const from = await diary.visitCursor()
  if (from === '') await appointAgain(workshop)
  const answer = await dealer.visitReports(from)
  if (answer === 'lost') {
    workshop.warn('the dealer has lost its appointments and is told them again', {})
    await diary.recordVisits(from, '', [])
    return followVisits(workshop)
  }
  if (answer.cursor !== from) await diary.recordVisits(from, answer.cursor, answer.reports)
}

async function appointAgain({ diary, dealer, warn }: Workshop): Promise<void> {
  for (const booking of await diary.appointed()) {
    try {
      const reference = await dealer.book(booking)
      await diary.change(booking.bookingId, referred(reference))
    } catch (error) {
      const failure = toFailure(error)
      if (failure.kind !== 'terminal') throw failure
      warn('the dealer refused an appointment that it had agreed to', {
        bookingId: booking.bookingId,
        reason: failure.message,
      })
    }
  }
}

function referred(dealerReference: string) {
  return (booking: Booking) =>
    booking.dealerReference === dealerReference ? undefined : { booking: { ...booking, dealerReference } }
}
