/**
 * Moves a booking without a moment in which it has no place: the new time is claimed beside the old one, the dealer is
 * asked, then the old one is let go. A move that a crash interrupted is finished by `settleMove`.
 */
import type { scheduling } from '@pitcrew/contracts'
import { Terminal, toFailure } from '@pitcrew/errors'
import { invitationOf } from '../adapters/icalendar.ts'
import { isSamePlace, toMessage, type Booking, type Place } from '../domain/booking.ts'
import { claimingMove, moveAgreed, moveRefused } from '../domain/booking-changes.ts'
import { after } from '../domain/booking-status.ts'
import { durationOf } from '../domain/job.ts'
import { listSlots, alternativesOffered } from '../domain/offer.ts'
import { crewAt } from '../domain/slot-search.ts'
import { parseSlotId } from '../domain/slot.ts'
import { horizonOf } from '../domain/urgency.ts'
import { required } from './required.ts'
import type { Workshop } from './workshop.ts'

/** @throws Terminal BAD_SLOT, SLOT_TAKEN, NOT_FOUND, ILLEGAL_TRANSITION, DEALER_REFUSED, Retryable DEALER_UNAVAILABLE */
export async function rescheduleBooking(
  workshop: Workshop,
  { bookingId, slotId }: scheduling.RescheduleBookingRequest,
): Promise<scheduling.RescheduleBookingResponse> {
  required({ booking_id: bookingId, slot_id: slotId })
  const booking = await workshop.diary.find(bookingId)
  if (booking === undefined)
    throw new Terminal('NOT_FOUND', `there is no booking "${bookingId}"`, { hint: 'ListBookings names them' })
  const to = await placeAt(workshop, booking, slotId)
  const moving = await claim(workshop, booking, to, slotId)
  const settled = await settleMove(workshop, moving)
  return { booking: toMessage(settled), icalendar: invitationOf(settled, workshop.organizer) }
}

/** @throws Retryable DEALER_UNAVAILABLE; the move stays under way and is tried again */
export async function settleMove({ diary, dealer }: Workshop, booking: Booking): Promise<Booking> {
  const to = booking.move
  if (to === undefined) return booking
  try {
    await dealer.move(booking, to)
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind === 'terminal') await diary.change(booking.bookingId, moveRefused(to))
    throw failure
  }
  return diary.change(booking.bookingId, moveAgreed(to))
}

async function claim(workshop: Workshop, booking: Booking, to: Place, slotId: string): Promise<Booking> {
  try {
    return await workshop.diary.change(booking.bookingId, claimingMove(to))
  } catch (error) {
    const failure = toFailure(error)
    throw failure.code === 'SLOT_TAKEN' ? await taken(workshop, booking, slotId) : failure
  }
}

async function placeAt(workshop: Workshop, booking: Booking, slotId: string): Promise<Place> {
  const { diary, now } = workshop
  after(booking.status, 'move')
  const { centreId, start } = parseSlotId(slotId)
  const span = { start, end: start + durationOf(booking.job) }
  const capacities = await diary.capacities(span, booking.bookingId)
  const capacity = capacities.find(({ centre }) => centre.centreId === centreId)
  if (capacity === undefined)
    throw new Terminal('NOT_FOUND', `there is no centre "${centreId}"`, { hint: 'ListSlots names the slots' })
  if (start <= now()) throw badSlot(slotId, 'is in the past')
  const { centreId: id, name, timeZone } = capacity.centre
  const place = { centre: { centreId: id, name, timeZone }, span }
  if (isSamePlace(booking.place, { ...booking.place, ...place })) return booking.place
  const crew = crewAt(capacity, booking.job, start)
  if (crew === 'closed') throw badSlot(slotId, 'is not within opening hours for the whole job')
  if (crew === 'taken') throw await taken(workshop, booking, slotId)
  return { ...place, ...crew }
}

function badSlot(slotId: string, why: string): Terminal {
  return new Terminal('BAD_SLOT', `slot "${slotId}" ${why}; expected one that ListSlots offers`, {
    hint: 'choose one that ListSlots offers',
  })
}

async function taken({ diary, now }: Workshop, { job, place }: Booking, slotId: string): Promise<Terminal> {
  const preference = { dayParts: [], weekdays: [], centreId: place.centre.centreId, refusedSlotIds: [slotId] }
  const capacities = await diary.capacities(horizonOf(now()))
  const others = listSlots({ job, preference, now: now() }, capacities, alternativesOffered).map((slot) => slot.slotId)
  const hint = others.length === 0 ? 'no other slot is free' : `take one of ${others.join(', ')}`
  return new Terminal('SLOT_TAKEN', `slot "${slotId}" is taken; expected a free one`, {
    hint,
    details: { alternatives: others },
  })
}
