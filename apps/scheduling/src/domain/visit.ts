/** What the dealer's reports of a vehicle coming and going mean for its booking. */
import type { scheduling } from '@pitcrew/contracts'
import type { Booking } from './booking.ts'
import { after, BookingStatus } from './booking-status.ts'

export interface VisitReport {
  /** Of the dealer's list of reports. */
  cursor: string
  bookingId: string
  dealerReference: string
  kind: 'started' | 'completed'
  at: number
  workOrder: scheduling.WorkOrder | undefined
}

/** An event about a visit; `id` is the same however often the dealer reports it. */
export type VisitEvent =
  | { type: 'visitStarted'; id: string; message: scheduling.VisitStarted }
  | { type: 'visitCompleted'; id: string; message: scheduling.VisitCompleted }

export interface VisitOutcome {
  /** Each step of the booking with what is announced of it, oldest first. */
  steps: { booking: Booking; announce: string }[]
  events: VisitEvent[]
}

/**
 * A report implies the ones before it: a vehicle that is in the workshop was confirmed, one that left it was in it. A
 * report of what is already known changes nothing. @throws Terminal ILLEGAL_TRANSITION for a booking that claims nothing
 */
export function visited(booking: Booking, report: VisitReport): VisitOutcome {
  const outcome: VisitOutcome = { steps: [], events: [] }
  const { caseId, bookingId, vehicleId } = booking
  const visit = { caseId, bookingId, vehicleId, at: new Date(report.at).toISOString() }
  let current = booking
  const step = (next: Partial<Booking>, announce: string) => {
    current = { ...current, ...next }
    outcome.steps.push({ booking: current, announce })
  }

  const known =
    report.kind === 'started' ? [BookingStatus.IN_SERVICE, BookingStatus.COMPLETED] : [BookingStatus.COMPLETED]
  if (known.some((status) => status === booking.status)) return outcome
  if (current.status === BookingStatus.PENDING) {
    step(
      { status: after(current.status, 'dealer-accepts'), dealerReference: report.dealerReference },
      'confirmed by the dealer',
    )
  }
  if (current.status !== BookingStatus.IN_SERVICE) {
    step({ status: after(current.status, 'vehicle-arrives'), move: undefined }, 'the vehicle is in the workshop')
    outcome.events.push({ type: 'visitStarted', id: `${bookingId}:visit-started`, message: visit })
  }
  if (report.kind === 'completed') {
    step({ status: after(current.status, 'vehicle-returns') }, 'the vehicle was handed back')
    const message = { ...visit, workOrder: report.workOrder }
    outcome.events.push({ type: 'visitCompleted', id: `${bookingId}:visit-completed`, message })
  }
  return outcome
}
