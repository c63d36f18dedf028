/** Everything that may become of a booking. Each decision gives the booking as it is afterwards; none writes it. */
import { Terminal } from '@pitcrew/errors'
import { hasLapsed, isSamePlace, type Booking, type Place } from './booking.ts'
import { after, BookingStatus } from './booking-status.ts'

/** `announce` is the reason given in the booking-changed event; without it the change is nobody else's business. */
export interface Change {
  booking: Booking
  announce?: string
}

/** Undefined: nothing to change. */
export type Decision = (booking: Booking) => Change | undefined

/** Ready to be put to the dealer. A hold that lapsed is taken up again; whether its time is still free, the claims decide. */
export function confirming(now: number, caseId: string): Decision {
  return (booking) => {
    if (booking.caseId !== caseId) {
      throw new Terminal('NOT_FOUND', `case ${caseId} has no booking ${booking.bookingId}: it belongs to another case`)
    }
    const { PENDING, CONFIRMED, IN_SERVICE, COMPLETED, EXPIRED } = BookingStatus
    if ([PENDING, CONFIRMED, IN_SERVICE, COMPLETED].some((status) => status === booking.status)) return undefined
    const lapsed = booking.status === EXPIRED || hasLapsed(booking, now)
    if (lapsed && booking.place.span.start <= now) throw holdExpired(booking, 'its time has passed')
    const held = booking.status === EXPIRED ? after(EXPIRED, 'hold-again') : booking.status
    return {
      booking: { ...booking, status: after(held, 'confirm'), holdExpiresAt: undefined },
      announce: 'sent to the dealer',
    }
  }
}

export function holdExpired(booking: Booking, why: string): Terminal {
  return new Terminal(
    'HOLD_EXPIRED',
    `the hold of booking ${booking.bookingId} expired and ${why}; expected a confirmation in time`,
    {
      hint: 'hold another slot and offer it to the customer',
    },
  )
}

/** A booking that is gone by now owes the dealer a cancellation: the answer says that the dealer has it. */
export function accepted(dealerReference: string): Decision {
  return (booking) => {
    switch (booking.status) {
      case BookingStatus.PENDING: {
        const status = after(booking.status, 'dealer-accepts')
        return { booking: { ...booking, status, dealerReference }, announce: 'confirmed by the dealer' }
      }
      case BookingStatus.CANCELLED:
        return { booking: { ...booking, dealerReference, owesCancellation: true } }
      default:
        return undefined
    }
  }
}

export function refused(reason: string): Decision {
  return (booking) => {
    if (booking.status !== BookingStatus.PENDING) return undefined
    return {
      booking: { ...booking, status: after(booking.status, 'dealer-refuses') },
      announce: `refused by the dealer: ${reason}`,
    }
  }
}

export function cancelling(reason: string): Decision {
  return (booking) => {
    if (booking.status === BookingStatus.CANCELLED) return undefined
    const status = after(booking.status, 'cancel')
    const owesCancellation = booking.status === BookingStatus.PENDING || booking.status === BookingStatus.CONFIRMED
    // The organiser's next word on an invitation that was sent must carry a higher SEQUENCE (RFC 5546, 3.2.5).
    const sequence = booking.sequence + (booking.status === BookingStatus.CONFIRMED ? 1 : 0)
    const gone = { ...booking, status, sequence, owesCancellation, holdExpiresAt: undefined, move: undefined }
    return { booking: gone, announce: reason === '' ? 'cancelled' : reason }
  }
}

export const cancellationTold: Decision = (booking) =>
  booking.owesCancellation ? { booking: { ...booking, owesCancellation: false } } : undefined

export function expiring(now: number): Decision {
  return (booking) => {
    if (!hasLapsed(booking, now)) return undefined
    return { booking: { ...booking, status: after(booking.status, 'expire') }, announce: 'the hold expired' }
  }
}

/** First half of a move: the new place is claimed beside the old one. Of a hold, which the dealer does not know, it is the whole. */
export function claimingMove(to: Place): Decision {
  return (booking) => {
    const status = after(booking.status, 'move')
    if (isSamePlace(booking.place, to)) return undefined
    return status === BookingStatus.HELD ? moved({ ...booking, move: to }) : { booking: { ...booking, move: to } }
  }
}

/** Second half: the dealer agreed to `to`. */
export function moveAgreed(to: Place): Decision {
  return (booking) => (booking.move !== undefined && isSamePlace(booking.move, to) ? moved(booking) : undefined)
}

/** Or the dealer did not: the booking stays where it was. */
export function moveRefused(to: Place): Decision {
  return (booking) =>
    booking.move !== undefined && isSamePlace(booking.move, to)
      ? { booking: { ...booking, move: undefined } }
      : undefined
}

function moved(booking: Booking): Change {
  const place = booking.move ?? booking.place
  return { booking: { ...booking, place, move: undefined, sequence: booking.sequence + 1 }, announce: 'rescheduled' }
}
