/**
 * held → pending → (the dealer agrees) → confirmed.
 *
 * `pending` is stored before the dealer is asked. Whatever dies after that, the same task comes again, finds `pending` and
 * asks again under the same key; the dealer answers with the appointment that it already made.
 */
import type { scheduling } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { toMessage, type Booking } from '../domain/booking.ts'
import { accepted, confirming, holdExpired, refused } from '../domain/booking-changes.ts'
import { after, BookingStatus } from '../domain/booking-status.ts'
import { invitationOf } from '../adapters/icalendar.ts'
import { settleCancellation } from './cancel-booking.ts'
import { required } from './required.ts'
import type { Workshop } from './workshop.ts'

/**
 * @throws Retryable DEALER_UNAVAILABLE, Terminal DEALER_REFUSED, HOLD_EXPIRED, ALREADY_BOOKED, NOT_FOUND, ILLEGAL_TRANSITION
 */
export async function confirmBooking(
  workshop: Workshop,
  { bookingId, caseId }: scheduling.ConfirmBookingRequest,
): Promise<scheduling.ConfirmBookingResponse> {
  required({ booking_id: bookingId, case_id: caseId })
  const booking = await begin(workshop, bookingId, caseId)
  const confirmed = booking.status === BookingStatus.PENDING ? await agree(workshop, booking) : booking
  return { booking: toMessage(confirmed), icalendar: invitationOf(confirmed, workshop.organizer) }
}

async function begin(workshop: Workshop, bookingId: string, caseId: string): Promise<Booking> {
  try {
    return await workshop.diary.change(bookingId, confirming(workshop.now(), caseId))
  } catch (error) {
    const failure = toFailure(error)
    const booking = await workshop.diary.find(bookingId)
    if (booking !== undefined && failure.code === 'SLOT_TAKEN')
      throw holdExpired(booking, 'its time went to another booking')
    // An earlier attempt may have reached the dealer after the cancellation did.
    if (booking?.status === BookingStatus.CANCELLED)
      await settleCancellation(workshop, { ...booking, owesCancellation: true })
    throw failure
  }
}

async function agree(workshop: Workshop, booking: Booking): Promise<Booking> {
  const { diary, dealer } = workshop
  const { bookingId } = booking
  let reference: string
  try {
    reference = await dealer.book(booking)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind === 'terminal') await diary.change(bookingId, refused(failure.message))
    throw failure
  }
  const agreed = await diary.change(bookingId, accepted(reference))
  if (agreed.status !== BookingStatus.CANCELLED) return agreed
  await settleCancellation(workshop, agreed)
  after(agreed.status, 'dealer-accepts')
  return agreed
}
