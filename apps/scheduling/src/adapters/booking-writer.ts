import { events } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import { enqueue } from '@pitcrew/outbox'
import { claimsOf, toMessage, type Booking } from '../domain/booking.ts'
import { expiring, type Change } from '../domain/booking-changes.ts'
import type { Clock } from '../domain/ports.ts'
import { insertBooking, lockBooking, updateBooking } from './booking-rows.ts'
import { claimsMore, lapsedInTheWay, writeClaims } from './claims.ts'

export interface WriterParts {
  now: Clock
}

/**
 * Writes the booking, its claims and the event of its change; `before` is the row that is locked, undefined for a new one.
 * Gives what is stored. Lapsed holds that stand in the way are expired first.
 */
export async function writeChange(
  parts: WriterParts,
  tx: Sql,
  before: Booking | undefined,
  change: Change,
): Promise<Booking> {
  const { announce } = change
  const version = change.booking.version + (announce === undefined ? 0 : 1)
  const booking = { ...change.booking, version, changedAt: parts.now() }
  if (claimsMore(before, booking)) await clearLapsed(parts, tx, booking)
  await (before === undefined ? insertBooking(tx, booking) : updateBooking(tx, booking))
  await writeClaims(tx, before, booking)
  if (announce !== undefined) {
    await enqueue(tx, 'scheduling', {
      id: `${booking.bookingId}:${version}`,
      event: events.bookingChanged,
      key: booking.caseId,
      message: { booking: toMessage(booking), reason: announce },
    })
  }
  return booking
}

async function clearLapsed(parts: WriterParts, tx: Sql, booking: Booking): Promise<void> {
  const now = parts.now()
  for (const bookingId of await lapsedInTheWay(tx, claimsOf(booking), now, booking.bookingId)) {
    const lapsed = await lockBooking(tx, bookingId)
    const expiry = lapsed && expiring(now)(lapsed)
    if (expiry !== undefined) await writeChange(parts, tx, lapsed, expiry)
  }
}
