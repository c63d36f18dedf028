import type { scheduling } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'

interface AboutBooking {
  caseId: string
  vehicleId: string
  booking?: scheduling.Booking | undefined
}

/** Throws Terminal BAD_REQUEST when the request lacks what a message about a booking needs. */
export function bookedSlot({ caseId, vehicleId, booking }: AboutBooking): {
  booking: scheduling.Booking
  slot: scheduling.Slot
} {
  const slot = booking?.slot
  const complete = caseId !== '' && vehicleId !== '' && momentOf(slot?.startsAt) !== undefined
  if (booking !== undefined && slot !== undefined && complete) return { booking, slot }
  throw new Terminal(
    'BAD_REQUEST',
    'a message about a booking needs case_id, vehicle_id and a booking with a slot and its start',
    {
      hint: 'pass on the booking as scheduling gave it',
      details: { caseId, bookingId: booking?.bookingId },
    },
  )
}

/** Milliseconds since the epoch; undefined when it is missing or no moment. */
export function momentOf(timestamp: string | undefined): number | undefined {
  const at = Date.parse(timestamp ?? '')
  return Number.isNaN(at) ? undefined : at
}
