import { events, type EventType } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import { toFailure } from '@pitcrew/errors'
import { enqueue } from '@pitcrew/outbox'
import type { Booking } from '../domain/booking.ts'
import { visited, type VisitOutcome, type VisitReport } from '../domain/visit.ts'
import { lockBooking } from './booking-rows.ts'
import { writeChange, type WriterParts } from './booking-writer.ts'

interface VisitParts extends WriterParts {
  warn: (message: string, fields: Record<string, unknown>) => void
}

export async function visitCursor(database: Database): Promise<string> {
  const [row] = await database.query<{ cursor: string }>('select cursor from scheduling.dealer_cursor')
  return row?.cursor ?? ''
}

/** The cursor moves in the transaction of what the reports cause, so each report is taken in exactly once. */
export async function recordVisits(
  parts: VisitParts,
  tx: Sql,
  { from, to, reports }: { from: string; to: string; reports: readonly VisitReport[] },
): Promise<void> {
  const moved = await tx.query('update scheduling.dealer_cursor set cursor = $2 where cursor = $1 returning cursor', [
    from,
    to,
  ])
  // Another instance was quicker and took these in.
  if (moved.length === 0) return
  for (const report of reports) await recordVisit(parts, tx, report)
}

async function recordVisit(parts: VisitParts, tx: Sql, report: VisitReport): Promise<void> {
  let booking = await lockBooking(tx, report.bookingId)
  if (booking === undefined) {
    parts.warn('the dealer reports a visit of a booking that does not exist', { bookingId: report.bookingId })
    return
  }
  const outcome = outcomeOf(parts, booking, report)
  for (const { booking: next, announce } of outcome.steps) {
    booking = await writeChange(parts, tx, booking, { booking: { ...next, version: booking.version }, announce })
  }
  for (const { id, type, message } of outcome.events) {
    const event: EventType<typeof message> = events[type]
    await enqueue(tx, 'scheduling', { id, event, key: booking.caseId, message })
  }
}

/** A report on a booking that was cancelled or never agreed stops nothing: the ones after it are of other bookings. */
function outcomeOf(parts: VisitParts, booking: Booking, report: VisitReport): VisitOutcome {
  try {
    return visited(booking, report)
  } catch (error) {
    const { code, message } = toFailure(error)
    if (code !== 'ILLEGAL_TRANSITION') throw error
    parts.warn('the dealer reports a visit that does not fit the booking', {
      bookingId: report.bookingId,
      reason: message,
    })
    return { steps: [], events: [] }
  }
}
