import type { scheduling } from '@pitcrew/contracts'
import type { Booking } from '../domain/booking.ts'
import { cancelling } from '../domain/booking-changes.ts'
import { BookingStatus } from '../domain/booking-status.ts'
import { settleCancellation } from './cancel-booking.ts'
import { required } from './required.ts'
import type { Workshop } from './workshop.ts'

const { HELD, PENDING, CONFIRMED } = BookingStatus

/**
 * Undoes a hold, and whatever it grew into: the workflow may believe that a confirmation failed of which only the answer
 * was lost. A vehicle that is already in the workshop stays there.
 */
export async function releaseHold(
  workshop: Workshop,
  { bookingId }: scheduling.ReleaseHoldRequest,
): Promise<scheduling.ReleaseHoldResponse> {
  required({ booking_id: bookingId })
  let released = false
  const booking = await workshop.diary.change(bookingId, (current: Booking) => {
    released = [HELD, PENDING, CONFIRMED].some((status) => status === current.status)
    return released ? cancelling('the hold was released')(current) : undefined
  })
  await settleCancellation(workshop, booking)
  return { released }
}
