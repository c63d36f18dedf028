/**
 * The invitation that goes with a confirmation: iCalendar (RFC 5545) as iTIP asks for it (RFC 5546). The UID is the booking
 * id for as long as the booking lives; SEQUENCE says which word is the latest; times are UTC, so that no zone is needed.
 * It names no customer: who sends it adds the attendee.
 */
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Booking } from '../domain/booking.ts'
import { BookingStatus } from '../domain/booking-status.ts'

export interface Organizer {
  name: string
  email: string
}

export function invitationOf(booking: Booking, organizer: Organizer): string {
  const cancelled = booking.status === BookingStatus.CANCELLED
  const { centre, span } = booking.place
  const calendar = ical({
    prodId: { company: 'Pitcrew', product: 'Scheduling', language: 'EN' },
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
  })
  calendar.createEvent({
    id: booking.bookingId,
    sequence: booking.sequence,
    stamp: new Date(booking.changedAt),
    start: new Date(span.start),
    end: new Date(span.end),
    summary: `Workshop appointment at ${centre.name}`,
    description: booking.dealerReference === '' ? null : `Appointment ${booking.dealerReference}`,
    location: centre.name,
    organizer,
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  })
  return calendar.toString()
}
