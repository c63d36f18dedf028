/** A booking: a case's claim on a bay and a technician, and how far it has come with the dealer. */
import type { scheduling } from '@pitcrew/contracts'
import { BookingStatus, isClaiming } from './booking-status.ts'
import { bayResource, technicianResource, type Crew } from './capacity.ts'
import type { Interval } from './interval.ts'
import { toSlot } from './slot.ts'

/** A crew at a centre for a time. */
export interface Place extends Crew {
  centre: Pick<scheduling.Centre, 'centreId' | 'name' | 'timeZone'>
  span: Interval
}

export interface Booking {
  bookingId: string
  caseId: string
  vehicleId: string
  /** Which offer of the case it is. */
  round: number
  /** The attempt of a task that asked for it: delivered again it gets the same booking, whatever became of that. */
  attempt: string
  job: scheduling.Job
  place: Place
  /** Where it goes once the dealer agrees; claimed beside `place` until then. */
  move: Place | undefined
  status: BookingStatus
  dealerReference: string
  /** The dealer may still have an appointment for it that must go. */
  owesCancellation: boolean
  holdExpiresAt: number | undefined
  /** RFC 5545 SEQUENCE. */
  sequence: number
  /** Raised with every change that is announced. */
  version: number
  alternatives: scheduling.Slot[]
  changedAt: number
}

export function newHold(
  wish: Pick<Booking, 'caseId' | 'vehicleId' | 'round' | 'attempt' | 'job'> & { holdExpiresAt: number },
  offer: Pick<Booking, 'place' | 'alternatives'>,
  bookingId: string,
  now: number,
): Booking {
  return {
    ...wish,
    ...offer,
    bookingId,
    // A hold is worth nothing once its time has come.
    holdExpiresAt: Math.min(wish.holdExpiresAt, offer.place.span.start),
    move: undefined,
    status: BookingStatus.HELD,
    dealerReference: '',
    owesCancellation: false,
    sequence: 0,
    version: 0,
    changedAt: now,
  }
}

export function hasLapsed(booking: Booking, now: number): boolean {
  return booking.status === BookingStatus.HELD && booking.holdExpiresAt !== undefined && booking.holdExpiresAt <= now
}

/** What a booking takes up, a move that is under way included; empty when it claims nothing. */
export function claimsOf(booking: Booking): { resource: string; span: Interval }[] {
  if (!isClaiming(booking.status)) return []
  return [booking.place, ...(booking.move === undefined ? [] : [booking.move])].flatMap((place) => claimsOn(place))
}

export function claimsOn({ centre, bay, technicianId, span }: Place): { resource: string; span: Interval }[] {
  const resources = [bayResource(centre.centreId, bay), technicianResource(centre.centreId, technicianId)]
  return resources.map((resource) => ({ resource, span }))
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.centre.centreId === b.centre.centreId && a.span.start === b.span.start && a.span.end === b.span.end
}

export function toMessage(booking: Booking): scheduling.Booking {
  const { bookingId, caseId, vehicleId, place, status, job, dealerReference, sequence, holdExpiresAt } = booking
  return {
    bookingId,
    caseId,
    vehicleId,
    slot: toSlot(place.centre, place.span),
    status,
    bay: place.bay,
    technicianId: place.technicianId,
    job,
    dealerReference,
    holdExpiresAt:
      status === BookingStatus.HELD && holdExpiresAt !== undefined ? new Date(holdExpiresAt).toISOString() : undefined,
    sequence,
  }
}
