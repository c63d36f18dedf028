/** What the handlers need of the outside. */
import type { scheduling } from '@pitcrew/contracts'
import type { Booking, Place } from './booking.ts'
import type { Decision } from './booking-changes.ts'
import type { CentreCapacity } from './capacity.ts'
import type { Interval } from './interval.ts'
import type { Offer } from './offer.ts'
import type { VisitReport } from './visit.ts'

export type Clock = () => number

export interface HoldWish {
  caseId: string
  vehicleId: string
  round: number
  attempt: string
  job: scheduling.Job
  holdExpiresAt: number
}

export interface BookingFilter {
  caseId: string
  vehicleId: string
  limit: number
}

/** Where bookings are kept. No two bookings that claim something ever overlap on a bay or a technician. */
export interface Diary {
  putCentre(centre: scheduling.Centre): Promise<void>
  /** Every centre with what is claimed in `range`; lapsed holds claim nothing, nor does the booking `except`. */
  capacities(range: Interval, except?: string): Promise<CentreCapacity[]>
  /**
   * The booking of this case and round: the one that there is, or a new hold on what `plan` chooses. When another took it
   * in the meantime, `plan` is asked again. @throws Retryable SLOT_TAKEN
   */
  hold(wish: HoldWish, plan: (capacities: CentreCapacity[]) => Offer): Promise<Booking>
  find(bookingId: string): Promise<Booking | undefined>
  list(filter: BookingFilter): Promise<Booking[]>
  /**
   * Applies `decide` to the booking as it is now and writes the result, its claims and its event in one transaction.
   * Gives the booking as it is afterwards. @throws Terminal NOT_FOUND, Terminal SLOT_TAKEN
   */
  change(bookingId: string, decide: Decision): Promise<Booking>
  /** Bookings of which the dealer has not heard the last: cancellations owed, moves not yet agreed. */
  unsettled(): Promise<Booking[]>
  /** Bookings that the dealer should have. */
  appointed(): Promise<Booking[]>
  expireLapsed(): Promise<number>
  visitCursor(): Promise<string>
  /** Takes in the reports after `from` and moves the cursor to `to`, unless another instance already did. */
  recordVisits(from: string, to: string, reports: readonly VisitReport[]): Promise<void>
}

/**
 * The workshop's own system. Each call may be repeated: it is keyed by the booking.
 * @throws Retryable DEALER_UNAVAILABLE, Terminal DEALER_REFUSED
 */
export interface Dealer {
  /** Gives the dealer's reference. */
  book(booking: Booking): Promise<string>
  move(booking: Booking, to: Place): Promise<void>
  /** An appointment that the dealer does not know counts as cancelled. */
  cancel(booking: Booking): Promise<void>
  /** `lost` when the dealer does not know the cursor: it has forgotten what it was told. */
  visitReports(after: string): Promise<{ reports: VisitReport[]; cursor: string } | 'lost'>
}
