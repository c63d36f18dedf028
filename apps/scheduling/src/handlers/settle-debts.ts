import { toFailure } from '@pitcrew/errors'
import type { Booking } from '../domain/booking.ts'
import { settleCancellation } from './cancel-booking.ts'
import { settleMove } from './reschedule-booking.ts'
import type { Workshop } from './workshop.ts'

/** Finishes with the dealer what a crash or an outage left open: cancellations not told, moves not agreed. */
export async function settleDebts(workshop: Workshop): Promise<void> {
  for (const booking of await workshop.diary.unsettled()) await settle(workshop, booking)
}

async function settle(workshop: Workshop, booking: Booking): Promise<void> {
  try {
    await settleMove(workshop, await settleCancellation(workshop, booking))
  } catch (error) {
    const { code, message } = toFailure(error)
    workshop.warn('a booking is still unsettled with the dealer', {
      bookingId: booking.bookingId,
      code,
      reason: message,
    })
  }
}
