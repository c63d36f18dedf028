/**
 * Bookings in SQL.
 *
 * 1. A booking, its claims and the event of its change are written in one transaction, or not at all.
 * 2. A decision is made on the booking as it is under a row lock, so that two changes never cross.
 * 3. A lapsed hold never stands in the way: it is expired in the transaction that wants its time.
 */
import { type Database, type Sql } from '@pitcrew/database'
import { Retryable, Terminal, toFailure, type Failure } from '@pitcrew/errors'
import { hasLapsed, newHold, type Booking } from '../domain/booking.ts'
import { expiring, type Decision } from '../domain/booking-changes.ts'
import type { CentreCapacity } from '../domain/capacity.ts'
import type { Offer } from '../domain/offer.ts'
import type { Diary, HoldWish } from '../domain/ports.ts'
import { horizonOf } from '../domain/urgency.ts'
import type { Interval } from '../domain/interval.ts'
import { iso, lockBooking, readBookings } from './booking-rows.ts'
import { writeChange, type WriterParts } from './booking-writer.ts'
import { readCentres, writeCentre } from './centres.ts'
import { readClaims } from './claims.ts'
import { recordVisits, visitCursor } from './visit-rows.ts'

export interface DiaryParts extends WriterParts {
  database: Database
  newId: () => string
  warn: (message: string, fields: Record<string, unknown>) => void
  /** Called when something was committed that has to be published. */
  onCommitted: () => void
}

const holdAttempts = 25
const sweep = 200

export function sqlDiary(parts: DiaryParts): Diary {
  const { database, now, onCommitted } = parts

  async function committed<T>(fn: (tx: Sql) => Promise<T>): Promise<T> {
    const result = await database.transaction(fn)
    onCommitted()
    return result
  }

  async function change(bookingId: string, decide: Decision): Promise<Booking> {
    try {
      return await committed(async (tx) => {
        const booking = await lockBooking(tx, bookingId)
        if (booking === undefined) throw unknownBooking(bookingId)
        const change = decide(booking)
        return change === undefined ? booking : writeChange(parts, tx, booking, change)
      })
    } catch (error) {
      throw meaningOf(toFailure(error), bookingId)
    }
  }

  return {
    putCentre: (centre) => database.transaction((tx) => writeCentre(tx, centre)),
    capacities: (range, except) => readCapacities(database, range, now(), except),
    async hold(wish, plan) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await committed((tx) => holdOnce(parts, tx, wish, plan))
        } catch (error) {
          const failure = toFailure(error)
          if (!isContention(failure)) throw failure
          if (attempt === holdAttempts) throw takenAgainAndAgain(failure)
        }
      }
    },
    find: async (bookingId) => (await readBookings(database, 'b.booking_id = $1', [bookingId]))[0],
    list: ({ caseId, vehicleId, limit }) =>
      readBookings(
        database,
        `($1 = '' or b.case_id = $1) and ($2 = '' or b.vehicle_id = $2) order by b.created_at desc, b.booking_id limit $3`,
        [caseId, vehicleId, limit],
      ),
    change,
    unsettled: () =>
      readBookings(database, `(b.owes_cancellation or b.move is not null) order by b.changed_at limit ${sweep}`, []),
    appointed: () => readBookings(database, `b.status in ('confirmed', 'in_service') order by b.starts_at`, []),
    async expireLapsed() {
      const at = now()
      const lapsed = await readBookings(
        database,
        `b.status = 'held' and b.hold_expires_at <= $1::timestamptz order by b.booking_id limit ${sweep}`,
        [iso(at)],
      )
      for (const { bookingId } of lapsed) await change(bookingId, expiring(at))
      return lapsed.length
    },
    visitCursor: () => visitCursor(database),
    recordVisits: (from, to, reports) => committed((tx) => recordVisits(parts, tx, { from, to, reports })),
  }
}

async function holdOnce(
  parts: DiaryParts,
  tx: Sql,
  wish: HoldWish,
  plan: (capacities: CentreCapacity[]) => Offer,
): Promise<Booking> {
  const now = parts.now()
  // One hold at a time: they all want the same early slots, and in the open they would deadlock on the constraint.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('scheduling.hold', 0))`)
  const [known] = await readBookings(
    tx,
    `b.case_id = $1 and b.round = $2 and (b.attempt = $3 or b.status not in ('cancelled', 'expired'))
     order by b.created_at desc limit 1 for update of b`,
    [wish.caseId, wish.round, wish.attempt],
  )
  if (known !== undefined && (known.attempt === wish.attempt || !hasLapsed(known, now))) return known
  if (known !== undefined) {
    const expiry = expiring(now)(known)
    if (expiry !== undefined) await writeChange(parts, tx, known, expiry)
  }
  const offer = plan(await readCapacities(tx, horizonOf(now), now))
  const booking = newHold(wish, offer, parts.newId(), now)
  return writeChange(parts, tx, undefined, { booking, announce: 'held' })
}

async function readCapacities(sql: Sql, range: Interval, now: number, except?: string): Promise<CentreCapacity[]> {
  const centres = await readCentres(sql)
  const claims = await readClaims(sql, range, now, except)
  return centres.map((centre) => ({ centre, claims }))
}

function isContention({ code }: Failure): boolean {
  return ['EXCLUSION_VIOLATION', 'UNIQUE_VIOLATION', 'SERIALIZATION_FAILURE', 'DEADLOCK'].includes(code)
}

function meaningOf(failure: Failure, bookingId: string): Failure {
  if (failure.code === 'EXCLUSION_VIOLATION') {
    return new Terminal('SLOT_TAKEN', `the time of booking ${bookingId} was taken by another booking`, {
      hint: 'ask for other slots',
      cause: failure,
    })
  }
  if (failure.code !== 'UNIQUE_VIOLATION') return failure
  return new Terminal(
    'ALREADY_BOOKED',
    `the case of booking ${bookingId} has another booking; expected one at a time`,
    {
      hint: 'cancel the other booking first (ListBookings names it)',
      cause: failure,
    },
  )
}

function takenAgainAndAgain(cause: Failure): Retryable {
  const message = `each of ${holdAttempts} chosen slots was taken before it could be held`
  return new Retryable('SLOT_TAKEN', message, { afterMs: 500, hint: 'try again: there are free slots left', cause })
}

export function unknownBooking(bookingId: string): Terminal {
  return new Terminal('NOT_FOUND', `there is no booking "${bookingId}"`, {
    hint: 'list the bookings of the case or vehicle',
  })
}
