import type { scheduling } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { toMessage, type Booking } from '../domain/booking.ts'
import { cancellationTold, cancelling } from '../domain/booking-changes.ts'
import { required } from './required.ts'
import type { Workshop } from './workshop.ts'

/** Frees the time at once, then tells the dealer. Also the way to tell a dealer who could not be reached before. */
export async function cancelBooking(
  workshop: Workshop,
  { bookingId, reason }: scheduling.CancelBookingRequest,
): Promise<scheduling.CancelBookingResponse> {
  required({ booking_id: bookingId })
  const booking = await workshop.diary.change(bookingId, cancelling(reason))
  return { booking: toMessage(await settleCancellation(workshop, booking)) }
}

/** Tells the dealer what it is owed. @throws Retryable DEALER_UNAVAILABLE; the debt stays and is tried again */
export async function settleCancellation({ diary, dealer, warn }: Workshop, booking: Booking): Promise<Booking> {
  if (!booking.owesCancellation) return booking
  try {
    await dealer.cancel(booking)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'terminal') throw failure
    // Nothing more can be done from here: for us the time is free, and the dealer's own people know of their refusal.
    warn('the dealer refused a cancellation', {
      bookingId: booking.bookingId,
      code: failure.code,
      reason: failure.message,
    })
  }
  return diary.change(booking.bookingId, cancellationTold)
}
