/** A booking as a row, there and back. */
import type { scheduling } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import type { Booking, Place } from '../domain/booking.ts'
import type { BookingStatus } from '../domain/booking-status.ts'

interface Row {
  booking_id: string
  case_id: string
  round: number
  attempt: string
  vehicle_id: string
  centre_id: string
  centre_name: string
  time_zone: string
  bay: string
  technician_id: string
  starts_at: string
  ends_at: string
  move: Place | null
  status: string
  job: scheduling.Job
  alternatives: scheduling.Slot[]
  dealer_reference: string
  owes_cancellation: boolean
  hold_expires_at: string | null
  sequence: number
  version: number
  changed_at: string
}

/** `condition` is the WHERE clause and what follows it, over `b`. */
export async function readBookings(sql: Sql, condition: string, params: unknown[]): Promise<Booking[]> {
  const rows = await sql.query<Row>(
    `select b.*, c.name as centre_name, c.time_zone
     from scheduling.booking b join scheduling.centre c on c.centre_id = b.centre_id where ${condition}`,
    params,
  )
  return rows.map(toBooking)
}

export async function lockBooking(tx: Sql, bookingId: string): Promise<Booking | undefined> {
  const [booking] = await readBookings(tx, 'b.booking_id = $1 for update of b', [bookingId])
  return booking
}

export async function insertBooking(tx: Sql, booking: Booking): Promise<void> {
  const { columns, values } = toColumns(booking)
  const places = columns.map((_, index) => `$${index + 1}`)
  await tx.query(`insert into scheduling.booking (${columns.join(', ')}) values (${places.join(', ')})`, values)
}

export async function updateBooking(tx: Sql, booking: Booking): Promise<void> {
  const { columns, values } = toColumns(booking)
  const assignments = columns.map((column, index) => `${column} = $${index + 1}`)
  const key = values.length + 1
  await tx.query(`update scheduling.booking set ${assignments.join(', ')} where booking_id = $${key}`, [
    ...values,
    booking.bookingId,
  ])
}

export function statusColumn(status: BookingStatus): string {
  return status.replace('BOOKING_STATUS_', '').toLowerCase()
}

function toColumns(booking: Booking): { columns: string[]; values: unknown[] } {
  const { place } = booking
  const row: Omit<Row, 'centre_name' | 'time_zone' | 'job' | 'alternatives' | 'move'> & Record<string, unknown> = {
    booking_id: booking.bookingId,
    case_id: booking.caseId,
    round: booking.round,
    attempt: booking.attempt,
    vehicle_id: booking.vehicleId,
    centre_id: place.centre.centreId,
    bay: place.bay,
    technician_id: place.technicianId,
    starts_at: iso(place.span.start),
    ends_at: iso(place.span.end),
    move: booking.move === undefined ? null : JSON.stringify(booking.move),
    status: statusColumn(booking.status),
    job: JSON.stringify(booking.job),
    alternatives: JSON.stringify(booking.alternatives),
    dealer_reference: booking.dealerReference,
    owes_cancellation: booking.owesCancellation,
    hold_expires_at: booking.holdExpiresAt === undefined ? null : iso(booking.holdExpiresAt),
    sequence: booking.sequence,
    version: booking.version,
    changed_at: iso(booking.changedAt),
  }
  return { columns: Object.keys(row), values: Object.values(row) }
}

function toBooking(row: Row): Booking {
  return {
    bookingId: row.booking_id,
    caseId: row.case_id,
    round: row.round,
    attempt: row.attempt,
    vehicleId: row.vehicle_id,
    job: row.job,
    place: {
      centre: { centreId: row.centre_id, name: row.centre_name, timeZone: row.time_zone },
      bay: row.bay,
      technicianId: row.technician_id,
      span: { start: Date.parse(row.starts_at), end: Date.parse(row.ends_at) },
    },
    move: row.move ?? undefined,
    status: `BOOKING_STATUS_${row.status.toUpperCase()}` as BookingStatus,
    dealerReference: row.dealer_reference,
    owesCancellation: row.owes_cancellation,
    holdExpiresAt: row.hold_expires_at === null ? undefined : Date.parse(row.hold_expires_at),
    sequence: row.sequence,
    version: row.version,
    alternatives: row.alternatives,
    changedAt: Date.parse(row.changed_at),
  }
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}
