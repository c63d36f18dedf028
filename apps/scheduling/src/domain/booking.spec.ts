import { describe, expect, test } from '@jest/globals'
import { booking, centre } from './builders.ts'
import { after, BookingStatus, claiming, type BookingStep } from './booking-status.ts'
import { claimsOf, toMessage } from './booking.ts'
import { accepted, cancelling, claimingMove, confirming, expiring, moveAgreed, moveRefused } from './booking-changes.ts'
import { hour } from './interval.ts'
import { visited, type VisitReport } from './visit.ts'

const { HELD, PENDING, CONFIRMED, IN_SERVICE, COMPLETED, CANCELLED, EXPIRED } = BookingStatus
const all = [HELD, PENDING, CONFIRMED, IN_SERVICE, COMPLETED, CANCELLED, EXPIRED]
const illegal = expect.objectContaining({ kind: 'terminal', code: 'ILLEGAL_TRANSITION' })
const now = booking().place.span.start - 3 * hour
const elsewhere = { ...booking().place, span: { start: now + 24 * hour, end: now + 25.5 * hour } }

describe('booking status', () => {
  test('L5 every step that the life of a booking does not have throws', () => {
    const legal: [BookingStep, BookingStatus[]][] = [
      ['confirm', [HELD]],
      ['hold-again', [EXPIRED]],
      ['expire', [HELD]],
      ['dealer-accepts', [PENDING]],
      ['dealer-refuses', [PENDING]],
      ['cancel', [HELD, PENDING, CONFIRMED, EXPIRED]],
      ['move', [HELD, CONFIRMED]],
      ['vehicle-arrives', [CONFIRMED]],
      ['vehicle-returns', [IN_SERVICE]],
    ]
    for (const [step, from] of legal) {
      for (const status of all) {
        if (from.includes(status)) expect(all).toContain(after(status, step))
        else expect(() => after(status, step)).toThrow(illegal)
      }
    }
  })

  test('N8 exactly the bookings that are alive claim a bay and a technician', () => {
    for (const status of all) {
      expect(claimsOf(booking({ status }))).toHaveLength(claiming.includes(status) ? 2 : 0)
    }
    expect(claimsOf(booking({ status: CONFIRMED, move: elsewhere }))).toHaveLength(4)
  })
})

describe('booking', () => {
  test('L5 a hold in time goes to the dealer; one that is under way or done is left alone', () => {
    expect(confirming(now, 'case-1')(booking())).toMatchObject({
      booking: { status: PENDING, holdExpiresAt: undefined },
    })
    for (const status of [PENDING, CONFIRMED, IN_SERVICE, COMPLETED]) {
      expect(confirming(now, 'case-1')(booking({ status }))).toBeUndefined()
    }
    expect(() => confirming(now, 'case-1')(booking({ status: CANCELLED }))).toThrow(illegal)
    expect(() => confirming(now, 'case-2')(booking())).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  test('L5 a hold that lapsed is taken up again before its time and not after', () => {
    expect(confirming(now, 'case-1')(booking({ status: EXPIRED }))).toMatchObject({ booking: { status: PENDING } })
    const late = booking().place.span.start + 1
    expect(() => confirming(late, 'case-1')(booking())).toThrow(
      expect.objectContaining({ kind: 'terminal', code: 'HOLD_EXPIRED' }),
    )
  })

  test('L5 a hold expires at its time and only once', () => {
    const held = booking({ holdExpiresAt: now })
    expect(expiring(now - 1)(held)).toBeUndefined()
    expect(expiring(now)(held)).toMatchObject({ booking: { status: EXPIRED }, announce: expect.any(String) })
    expect(expiring(now)(booking({ status: CONFIRMED, holdExpiresAt: now }))).toBeUndefined()
  })

  test('L5 a cancellation is owed to the dealer who may have the appointment, and to no other', () => {
    expect(cancelling('sold')(booking())).toMatchObject({
      booking: { status: CANCELLED, owesCancellation: false },
      announce: 'sold',
    })
    expect(cancelling('')(booking({ status: PENDING }))).toMatchObject({
      booking: { owesCancellation: true, sequence: 0 },
    })
    expect(cancelling('')(booking({ status: CONFIRMED }))).toMatchObject({
      booking: { owesCancellation: true, sequence: 1 },
    })
    expect(cancelling('')(booking({ status: CANCELLED }))).toBeUndefined()
    expect(() => cancelling('')(booking({ status: IN_SERVICE }))).toThrow(illegal)
  })

  test('L5 a dealer who accepts what was cancelled meanwhile is owed the cancellation', () => {
    expect(accepted('D-1')(booking({ status: PENDING }))).toMatchObject({
      booking: { status: CONFIRMED, dealerReference: 'D-1' },
    })
    expect(accepted('D-1')(booking({ status: CANCELLED }))).toMatchObject({
      booking: { status: CANCELLED, owesCancellation: true },
    })
    expect(accepted('D-1')(booking({ status: CONFIRMED }))).toBeUndefined()
  })

  test('L5 a move claims the new place beside the old one, and raises the sequence when the dealer agrees', () => {
    const moving = claimingMove(elsewhere)(booking({ status: CONFIRMED }))!.booking
    expect(moving).toMatchObject({ place: booking().place, move: elsewhere, sequence: 0 })
    expect(moveAgreed(elsewhere)(moving)).toMatchObject({ booking: { place: elsewhere, move: undefined, sequence: 1 } })
    expect(moveRefused(elsewhere)(moving)).toEqual({ booking: booking({ status: CONFIRMED }) })
    expect(moveAgreed({ ...elsewhere, centre: centre({ centreId: 'hilltop' }) })(moving)).toBeUndefined()
    expect(claimingMove(elsewhere)(booking())).toMatchObject({ booking: { place: elsewhere, sequence: 1 } })
    expect(() => claimingMove(elsewhere)(booking({ status: PENDING }))).toThrow(illegal)
  })

  test('L5 tells when a hold ends only while it is one', () => {
    expect(toMessage(booking())).toMatchObject({
      holdExpiresAt: '2026-11-23T07:00:00.000Z',
      slot: { slotId: 'riverside~20261123T090000Z' },
    })
    expect(toMessage(booking({ status: CONFIRMED })).holdExpiresAt).toBeUndefined()
  })
})

describe('a visit', () => {
  const report = (kind: VisitReport['kind']): VisitReport => ({
    cursor: '1',
    bookingId: 'b-1',
    dealerReference: 'D-1',
    kind,
    at: now,
    workOrder: undefined,
  })

  test('L2 starts and completes the booking with one event each', () => {
    const started = visited(booking({ status: CONFIRMED }), report('started'))
    expect(started.steps.map(({ booking }) => booking.status)).toEqual([IN_SERVICE])
    expect(started.events.map(({ id }) => id)).toEqual(['b-1:visit-started'])
    const completed = visited(booking({ status: IN_SERVICE }), report('completed'))
    expect(completed.steps.map(({ booking }) => booking.status)).toEqual([COMPLETED])
    expect(completed.events.map(({ id }) => id)).toEqual(['b-1:visit-completed'])
  })

  test('N1 reported twice changes nothing; reported late implies what went before', () => {
    expect(visited(booking({ status: COMPLETED }), report('started'))).toEqual({ steps: [], events: [] })
    expect(visited(booking({ status: COMPLETED }), report('completed'))).toEqual({ steps: [], events: [] })
    const { steps, events } = visited(booking({ status: PENDING }), report('completed'))
    expect(steps.map(({ booking }) => booking.status)).toEqual([CONFIRMED, IN_SERVICE, COMPLETED])
    expect(events.map(({ type }) => type)).toEqual(['visitStarted', 'visitCompleted'])
    expect(() => visited(booking({ status: CANCELLED }), report('started'))).toThrow(illegal)
  })
})
