import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { events, vehicle } from '@pitcrew/contracts'
import { invitationOf } from '../src/adapters/icalendar.ts'
import { BookingStatus } from '../src/domain/booking-status.ts'
import { centre, job, preference } from '../src/domain/builders.ts'
import { hour, minute } from '../src/domain/interval.ts'
import type { Dealer } from '../src/domain/ports.ts'
import { cancelBooking } from '../src/handlers/cancel-booking.ts'
import { confirmBooking } from '../src/handlers/confirm-booking.ts'
import { followVisits } from '../src/handlers/follow-visits.ts'
import { holdSlot } from '../src/handlers/hold-slot.ts'
import { releaseHold } from '../src/handlers/release-hold.ts'
import { rescheduleBooking } from '../src/handlers/reschedule-booking.ts'
import { settleDebts } from '../src/handlers/settle-debts.ts'
import { doubleBookings, openBench, type Bench } from './bench.ts'

let bench: Bench
beforeAll(async () => void (bench = await openBench()))
afterAll(() => bench.stop())
beforeEach(() => bench.reset())

const { HELD, PENDING, CONFIRMED, IN_SERVICE, COMPLETED, CANCELLED, EXPIRED } = BookingStatus

async function hold(caseId: string, notBefore?: string) {
  const wishes = {
    job: job({ urgency: vehicle.Urgency.CRITICAL }),
    preference: preference({ notBefore }),
    holdMinutes: 30,
    round: 1,
  }
  const { booking } = await holdSlot(
    bench.workshop,
    { caseId, vehicleId: `vehicle-of-${caseId}`, ...wishes },
    `${caseId}/hold`,
  )
  return { bookingId: booking!.bookingId, caseId, slot: booking!.slot! }
}
const confirm = (booking: { bookingId: string; caseId: string }) => confirmBooking(bench.workshop, booking)
const statusOf = async ({ bookingId }: { bookingId: string }) => (await bench.workshop.diary.find(bookingId))?.status
const appointmentOf = ({ bookingId }: { bookingId: string }) =>
  bench.dealer.appointments().findLast((one) => one.bookingId === bookingId)
const announced = async () =>
  (
    await bench.database.query<{ reason: string }>(
      `select message->>'reason' as reason from scheduling.outbox order by position`,
    )
  ).map(({ reason }) => reason)

describe('confirming', () => {
  test('L5 the dealer has the appointment, the booking its reference and the customer an invitation', async () => {
    const held = await hold('case-1')
    const { booking, icalendar } = await confirm(held)
    expect(booking).toMatchObject({
      status: CONFIRMED,
      dealerReference: appointmentOf(held)!.reference,
      sequence: 0,
      holdExpiresAt: undefined,
    })
    expect(icalendar).toContain('METHOD:REQUEST')
    expect(await announced()).toEqual(['held', 'sent to the dealer', 'confirmed by the dealer'])
  })

  test('N1 the same task again, later or at once, gives the same answer and one appointment', async () => {
    const held = await hold('case-1')
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(held)))
    answers.push(await confirm(held))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(bench.dealer.appointments().filter((one) => one.bookingId === held.bookingId)).toHaveLength(1)
  })

  test('N1 a dealer that is down leaves the booking pending, and the next attempt goes on from there', async () => {
    const held = await hold('case-1')
    bench.dealer.faults.failNext(1)
    await expect(confirm(held)).rejects.toMatchObject({ kind: 'retryable', code: 'DEALER_UNAVAILABLE' })
    expect(await statusOf(held)).toBe(PENDING)
    bench.clock.now += 5 * hour
    expect(await bench.workshop.diary.expireLapsed()).toBe(0)
    expect((await confirm(held)).booking!.status).toBe(CONFIRMED)
  })

  test('N1 killed after the dealer agreed and before it was written: the appointment is found again, not doubled', async () => {
    const held = await hold('case-1')
    bench.dealer.faults.loseAnswers(1)
    await expect(confirm(held)).rejects.toMatchObject({ code: 'DEALER_UNAVAILABLE' })
    const { reference } = appointmentOf(held)!
    expect(await statusOf(held)).toBe(PENDING)
    expect((await confirm(held)).booking!.dealerReference).toBe(reference)
    expect(bench.dealer.appointments().filter((one) => one.bookingId === held.bookingId)).toHaveLength(1)
  })

  test('L8 a dealer that refuses frees the time and says why', async () => {
    const held = await hold('case-1')
    bench.dealer.faults.failNext(1, 422)
    await expect(confirm(held)).rejects.toMatchObject({
      kind: 'terminal',
      code: 'DEALER_REFUSED',
      message: expect.stringMatching(/FAULT_INJECTED/),
    })
    expect(await statusOf(held)).toBe(CANCELLED)
    expect((await hold('case-2')).slot).toEqual(held.slot)
  })

  test('L8 a dealer that takes too long is tried again', async () => {
    const held = await hold('case-1')
    bench.dealer.faults.delay(2_500)
    await expect(confirm(held)).rejects.toMatchObject({ kind: 'retryable', code: 'DEALER_UNAVAILABLE' })
    bench.dealer.faults.delay(0)
    expect((await confirm(held)).booking!.status).toBe(CONFIRMED)
  })

  test('L5 a lapsed hold is confirmed while its time is free, and refused when it is not', async () => {
    const lucky = await hold('case-1')
    bench.clock.now += 31 * minute
    await bench.workshop.diary.expireLapsed()
    expect(await statusOf(lucky)).toBe(EXPIRED)
    expect((await confirm(lucky)).booking!.status).toBe(CONFIRMED)

    const unlucky = await hold('case-2', '2026-11-24T09:00:00Z')
    bench.clock.now += 31 * minute
    const winner = await hold('case-3', '2026-11-24T09:00:00Z')
    expect(winner.slot).toEqual(unlucky.slot)
    await expect(confirm(unlucky)).rejects.toMatchObject({ kind: 'terminal', code: 'HOLD_EXPIRED' })
    expect(await statusOf(winner)).toBe(HELD)
    expect(await doubleBookings(bench.database)).toEqual([])
  })

  test('N1 a case never has two bookings at the dealer', async () => {
    const first = await hold('case-1')
    const again = { caseId: 'case-1', vehicleId: 'v', job: job(), preference: undefined, holdMinutes: 30, round: 2 }
    const second = await holdSlot(bench.workshop, again, 'case-1/hold-2')
    await confirm(first)
    await expect(confirm({ bookingId: second.booking!.bookingId, caseId: 'case-1' })).rejects.toMatchObject({
      code: 'ALREADY_BOOKED',
    })
  })

  test('L5 what does not exist or belongs to another case is refused', async () => {
    const held = await hold('case-1')
    await expect(confirm({ bookingId: 'nowhere', caseId: 'case-1' })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'NOT_FOUND',
    })
    await expect(confirm({ ...held, caseId: 'case-2' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(confirm({ bookingId: '', caseId: '' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('cancelling', () => {
  test('L5 frees the time, tells the dealer, and does so once', async () => {
    const held = await hold('case-1')
    await confirm(held)
    const { booking } = await cancelBooking(bench.workshop, { bookingId: held.bookingId, reason: 'sold' })
    expect(booking).toMatchObject({ status: CANCELLED, sequence: 1 })
    expect(appointmentOf(held)!.status).toBe('cancelled')
    expect((await cancelBooking(bench.workshop, { bookingId: held.bookingId, reason: 'sold' })).booking).toEqual(
      booking,
    )
    expect((await announced()).filter((reason) => reason === 'sold')).toHaveLength(1)
    expect((await hold('case-2')).slot).toEqual(held.slot)
  })

  test('N1 a dealer that is down is told later, by the task or by the sweep', async () => {
    const held = await hold('case-1')
    await confirm(held)
    bench.dealer.faults.failNext(2)
    const cancel = () => cancelBooking(bench.workshop, { bookingId: held.bookingId, reason: '' })
    await expect(cancel()).rejects.toMatchObject({ kind: 'retryable', code: 'DEALER_UNAVAILABLE' })
    expect(await statusOf(held)).toBe(CANCELLED)
    await settleDebts(bench.workshop)
    expect(appointmentOf(held)!.status).toBe('booked')
    await settleDebts(bench.workshop)
    expect(appointmentOf(held)!.status).toBe('cancelled')
    expect(await bench.workshop.diary.unsettled()).toEqual([])
  })

  test('N1 released while the dealer was being asked: the appointment does not outlive the booking', async () => {
    const held = await hold('case-1')
    bench.dealer.faults.loseAnswers(1)
    await expect(confirm(held)).rejects.toMatchObject({ code: 'DEALER_UNAVAILABLE' })
    expect(await releaseHold(bench.workshop, held)).toEqual({ released: true })
    expect(appointmentOf(held)!.status).toBe('cancelled')
    await expect(confirm(held)).rejects.toMatchObject({ kind: 'terminal', code: 'ILLEGAL_TRANSITION' })
  })
})

describe('cancelling in the middle of a confirmation', () => {
  test('N1 the answer of the dealer comes after the cancellation: the appointment goes again', async () => {
    const held = await hold('case-1')
    const { workshop } = bench
    const overtaken: Dealer = {
      ...workshop.dealer,
      async book(booking) {
        await cancelBooking(workshop, { bookingId: held.bookingId, reason: 'sold' })
        return workshop.dealer.book(booking)
      },
    }
    await expect(confirmBooking({ ...workshop, dealer: overtaken }, held)).rejects.toMatchObject({
      code: 'ILLEGAL_TRANSITION',
    })
    expect(await statusOf(held)).toBe(CANCELLED)
    expect(appointmentOf(held)!.status).toBe('cancelled')
    expect(await workshop.diary.unsettled()).toEqual([])
  })
})

describe('rescheduling', () => {
  const tuesday = 'riverside~20261124T090000Z'
  const move = (bookingId: string, slotId = tuesday) => rescheduleBooking(bench.workshop, { bookingId, slotId })

  test('L5 moves the claims, tells the dealer and raises the sequence', async () => {
    const held = await hold('case-1')
    await confirm(held)
    const { booking, icalendar } = await move(held.bookingId)
    expect(booking).toMatchObject({ status: CONFIRMED, sequence: 1, slot: { slotId: tuesday } })
    expect(icalendar).toMatch(/^SEQUENCE:1\r$/m)
    expect(appointmentOf(held)!.startsAt).toBe('2026-11-24T09:00:00.000Z')
    expect(await move(held.bookingId)).toEqual({ booking, icalendar })
    expect((await hold('case-2')).slot).toEqual(held.slot)
    expect(await doubleBookings(bench.database)).toEqual([])
  })

  test('L5 may overlap its own old time', async () => {
    const held = await hold('case-1')
    await confirm(held)
    expect((await move(held.bookingId, 'riverside~20261123T103000Z')).booking!.slot!.startsAt).toBe(
      '2026-11-23T10:30:00.000Z',
    )
  })

  test('L5 a taken slot is answered with others, a closed or past one with the reason', async () => {
    const held = await hold('case-1')
    await hold('case-2', '2026-11-24T09:00:00Z')
    await expect(move(held.bookingId)).rejects.toMatchObject({
      code: 'SLOT_TAKEN',
      hint: expect.stringMatching(/^take one of (riverside~\w+(, )?){3}$/),
    })
    await expect(move(held.bookingId, 'riverside~20261124T163000Z')).rejects.toMatchObject({
      code: 'BAD_SLOT',
      message: expect.stringMatching(/opening hours/),
    })
    await expect(move(held.bookingId, 'riverside~20261120T090000Z')).rejects.toMatchObject({
      code: 'BAD_SLOT',
      message: expect.stringMatching(/past/),
    })
    await expect(move(held.bookingId, 'nowhere~20261124T090000Z')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(move('nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await bench.workshop.diary.find(held.bookingId))!.sequence).toBe(0)
  })

  test('N1 interrupted at the dealer: both times stay claimed until the sweep has finished the move', async () => {
    const held = await hold('case-1')
    await confirm(held)
    bench.dealer.faults.failNext(1)
    await expect(move(held.bookingId)).rejects.toMatchObject({ kind: 'retryable', code: 'DEALER_UNAVAILABLE' })
    expect((await hold('case-2')).slot.slotId).not.toBe(held.slot.slotId)
    expect((await hold('case-3', '2026-11-24T09:00:00Z')).slot.slotId).not.toBe(tuesday)
    await settleDebts(bench.workshop)
    expect(await bench.workshop.diary.find(held.bookingId)).toMatchObject({ sequence: 1, move: undefined })
    expect(appointmentOf(held)!.startsAt).toBe('2026-11-24T09:00:00.000Z')
    expect(await doubleBookings(bench.database)).toEqual([])
  })

  test('L8 refused by the dealer: the booking stays where it was', async () => {
    const held = await hold('case-1')
    await confirm(held)
    bench.dealer.faults.failNext(1, 409)
    await expect(move(held.bookingId)).rejects.toMatchObject({ kind: 'terminal', code: 'DEALER_REFUSED' })
    expect(await bench.workshop.diary.find(held.bookingId)).toMatchObject({
      sequence: 0,
      move: undefined,
      status: CONFIRMED,
    })
    expect((await hold('case-2', '2026-11-24T09:00:00Z')).slot.slotId).toBe(tuesday)
  })
})

describe('visits', () => {
  const told = () =>
    bench.database.query<{ id: string }>(
      `select id from scheduling.outbox where event <> '${events.bookingChanged.subject}' order by position`,
    )

  test('L2 the vehicle comes, is repaired and goes, each told once', async () => {
    const held = await hold('case-1')
    await confirm(held)
    await followVisits(bench.workshop)
    expect(await statusOf(held)).toBe(CONFIRMED)
    bench.clock.now += hour
    await Promise.all([followVisits(bench.workshop), followVisits(bench.workshop)])
    expect(await statusOf(held)).toBe(IN_SERVICE)
    bench.clock.now += hour
    await followVisits(bench.workshop)
    await followVisits(bench.workshop)
    expect(await statusOf(held)).toBe(COMPLETED)
    expect((await told()).map(({ id }) => id)).toEqual([
      `${held.bookingId}:visit-started`,
      `${held.bookingId}:visit-completed`,
    ])
    const [completed] = await bench.database.query<{ message: unknown }>(
      `select message from scheduling.outbox where event = '${events.visitCompleted.subject}'`,
    )
    expect(completed!.message).toMatchObject({
      caseId: 'case-1',
      workOrder: { componentReplaced: 'water pump', repaired: true },
    })
  })

  test('N1 reports that another instance took in already move nothing, not even the cursor', async () => {
    const held = await hold('case-1')
    await confirm(held)
    const { diary } = bench.workshop
    const started = {
      bookingId: held.bookingId,
      dealerReference: 'RO-1',
      kind: 'started' as const,
      at: bench.clock.now,
      workOrder: undefined,
    }
    await diary.recordVisits('', 'life.7', [])
    await diary.recordVisits('', 'life.3', [{ ...started, cursor: 'life.3' }])
    expect(await diary.visitCursor()).toBe('life.7')
    expect(await statusOf(held)).toBe(CONFIRMED)
  })

  test('L8 reports that fit no booking are told of and stop nothing', async () => {
    const gone = await hold('case-1')
    await cancelBooking(bench.workshop, { bookingId: gone.bookingId, reason: '' })
    const held = await hold('case-2')
    await confirm(held)
    const report = { dealerReference: 'RO-1', kind: 'started' as const, at: bench.clock.now, workOrder: undefined }
    const reports = ['nowhere', gone.bookingId, held.bookingId].map((bookingId, index) => ({
      ...report,
      bookingId,
      cursor: `life.${index}`,
    }))
    await bench.workshop.diary.recordVisits('', 'life.2', reports)
    expect(bench.warnings).toHaveLength(2)
    expect(await statusOf(held)).toBe(IN_SERVICE)
    expect(await statusOf(gone)).toBe(CANCELLED)
  })

  test('N1 a dealer that lost everything is told again and the visit still happens', async () => {
    const held = await hold('case-1')
    await confirm(held)
    await bench.database.query(`update scheduling.dealer_cursor set cursor = 'a-former-life.7'`)
    await followVisits(bench.workshop)
    expect(bench.warnings).toContain('the dealer has lost its appointments and is told them again')
    bench.clock.now += 2 * hour
    await followVisits(bench.workshop)
    expect(await statusOf(held)).toBe(COMPLETED)
  })
})

describe('the invitation', () => {
  /** RFC 5545, 3.1: lines end with CRLF, a line that begins with a space goes on with the one before it. */
  function parse(text: string): Map<string, string> {
    const lines = text
      .replace(/\r\n[ \t]/g, '')
      .split('\r\n')
      .filter((line) => line !== '')
    expect(lines.every((line) => !line.includes('\n'))).toBe(true)
    return new Map(lines.map((line) => [line.slice(0, line.search(/[:;]/)), line.slice(line.search(/[:;]/) + 1)]))
  }

  test('L5 is iCalendar with a stable UID, UTC times, and the same text each time', async () => {
    await bench.workshop.diary.putCentre(
      centre({ name: 'Riverside, Service; "Süd" and a name so long that the line has to be folded somewhere' }),
    )
    const held = await hold('case-1')
    const { icalendar, booking } = await confirm(held)
    expect(icalendar.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
    const lines = parse(icalendar)
    expect(Object.fromEntries(lines)).toMatchObject({
      VERSION: '2.0',
      METHOD: 'REQUEST',
      UID: held.bookingId,
      SEQUENCE: '0',
      DTSTART: '20261123T100000Z',
      DTEND: '20261123T113000Z',
      DTSTAMP: '20261123T080000Z',
      STATUS: 'CONFIRMED',
      LOCATION: 'Riverside\\, Service\\; "Süd" and a name so long that the line has to be folded somewhere',
      ORGANIZER: 'CN="Pitcrew":MAILTO:service@pitcrew.example'.replace('MAILTO', 'mailto'),
      DESCRIPTION: `Appointment ${booking!.dealerReference}`,
    })
    expect(lines.get('SUMMARY')).toMatch(/^Workshop appointment at Riverside/)
    expect((await confirm(held)).icalendar).toBe(icalendar)
  })

  test('L5 of a cancelled booking takes the appointment back', async () => {
    const held = await hold('case-1')
    await confirm(held)
    await cancelBooking(bench.workshop, { bookingId: held.bookingId, reason: '' })
    const booking = await bench.workshop.diary.find(held.bookingId)
    expect(Object.fromEntries(parse(invitationOf(booking!, bench.workshop.organizer)))).toMatchObject({
      METHOD: 'CANCEL',
      UID: held.bookingId,
      SEQUENCE: '1',
      STATUS: 'CANCELLED',
    })
  })
})
