import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { events, vehicle, type scheduling } from '@pitcrew/contracts'
import { toFailure } from '@pitcrew/errors'
import { BookingStatus } from '../src/domain/booking-status.ts'
import { centre, job, preference } from '../src/domain/builders.ts'
import { minute } from '../src/domain/interval.ts'
import { makeOffer } from '../src/domain/offer.ts'
import { cancelBooking } from '../src/handlers/cancel-booking.ts'
import { holdSlot } from '../src/handlers/hold-slot.ts'
import { releaseHold } from '../src/handlers/release-hold.ts'
import { doubleBookings, monday, openBench, type Bench } from './bench.ts'

let bench: Bench
beforeAll(async () => void (bench = await openBench()))
afterAll(() => bench.stop())
beforeEach(() => bench.reset())

const request = (caseId: string, overrides: Partial<scheduling.HoldSlotRequest> = {}): scheduling.HoldSlotRequest => ({
  caseId,
  vehicleId: `vehicle-of-${caseId}`,
  job: job({ urgency: vehicle.Urgency.CRITICAL, labourHours: 1 }),
  preference: undefined,
  holdMinutes: 30,
  round: 1,
  ...overrides,
})
const hold = (caseId: string, overrides: Partial<scheduling.HoldSlotRequest> = {}, attempt = `${caseId}/hold#1`) =>
  holdSlot(bench.workshop, request(caseId, overrides), attempt)
const slotsOf = (centreHours: string[]) => ({
  openingHours: [{ weekday: 1, opens: centreHours[0]!, closes: centreHours[1]! }],
})

describe('holding a slot', () => {
  test('L5 gives the best slot with three others, and announces it', async () => {
    const { booking, alternatives } = await hold('case-1')
    expect(booking).toMatchObject({
      status: BookingStatus.HELD,
      slot: { slotId: 'riverside~20261123T100000Z', centreName: 'Riverside Service', timeZone: 'Europe/Lisbon' },
      bay: '1',
      technicianId: 'ana',
      holdExpiresAt: new Date(monday + 30 * minute).toISOString(),
    })
    expect(alternatives).toHaveLength(3)
    expect(await bench.database.query('select id, event, key from scheduling.outbox')).toEqual([
      { id: `${booking!.bookingId}:1`, event: events.bookingChanged.subject, key: 'case-1' },
    ])
  })

  test('N1 the same task twice, one after the other or at once, gives the same booking', async () => {
    const first = await hold('case-1')
    expect(await hold('case-1')).toEqual(first)
    const many = await Promise.all(Array.from({ length: 20 }, () => hold('case-2')))
    expect(new Set(many.map(({ booking }) => booking!.bookingId)).size).toBe(1)
    expect(await bench.database.query('select 1 from scheduling.booking')).toHaveLength(2)
  })

  test('N1 a task that comes again after its hold was released does not hold again; the next attempt does', async () => {
    const { booking } = await hold('case-1')
    expect(await releaseHold(bench.workshop, booking!)).toEqual({ released: true })
    expect(await releaseHold(bench.workshop, booking!)).toEqual({ released: false })
    expect((await hold('case-1')).booking).toMatchObject({
      bookingId: booking!.bookingId,
      status: BookingStatus.CANCELLED,
    })
    const again = await hold('case-1', {}, 'case-1/hold#2')
    expect(again.booking).toMatchObject({ status: BookingStatus.HELD })
    expect(again.booking!.bookingId).not.toBe(booking!.bookingId)
  })

  test('N1 each round of a case is a hold of its own and refused slots stay refused', async () => {
    const first = await hold('case-1')
    const refusedSlotIds = [first.booking!.slot!.slotId]
    const second = await hold('case-1', { round: 2, preference: preference({ refusedSlotIds }) })
    expect(second.booking!.bookingId).not.toBe(first.booking!.bookingId)
    expect(refusedSlotIds).not.toContain(second.booking!.slot!.slotId)
  })

  test('L5 bad requests are refused and leave nothing behind', async () => {
    const bad: [Partial<scheduling.HoldSlotRequest>, string][] = [
      [{ caseId: '' }, 'BAD_REQUEST'],
      [{ vehicleId: '' }, 'BAD_REQUEST'],
      [{ round: 0 }, 'BAD_REQUEST'],
      [{ holdMinutes: 1_000_000 }, 'BAD_REQUEST'],
      [{ job: undefined }, 'BAD_JOB'],
      [{ job: job({ skill: 'welding' }) }, 'NO_CAPACITY'],
      [{ job: job({ labourHours: 20 }) }, 'NO_SLOT'],
      [{ preference: preference({ weekdays: [9] }) }, 'BAD_PREFERENCE'],
    ]
    for (const [overrides, code] of bad) {
      await expect(hold('case-1', overrides)).rejects.toMatchObject({ kind: 'terminal', code })
    }
    expect(
      await bench.database.query('select 1 from scheduling.booking union all select 1 from scheduling.outbox'),
    ).toEqual([])
  })
})

describe('no double booking', () => {
  test('N8 200 cases at once on 10 slots: 10 are held, 190 are told that there is none', async () => {
    await bench.workshop.diary.putCentre(centre(slotsOf(['08:00', '13:00'])))
    bench.clock.now = monday - 5 * 60 * minute
    const wishes = { job: job({ urgency: vehicle.Urgency.CRITICAL, labourHours: 0.5 }), preference: undefined }
    // One Monday is open within the first window; the later ones of the horizon are blocked by a long job each.
    const horizonMondays = await fillOtherMondays()
    const answers = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => hold(`case-${index}`, wishes)))
    const held = answers.filter((answer) => answer.status === 'fulfilled')
    const codes = answers
      .filter((answer) => answer.status === 'rejected')
      .map((answer) => toFailure(answer.reason).code)
    expect(held).toHaveLength(10)
    expect(new Set(held.map(({ value }) => value.booking!.slot!.slotId)).size).toBe(10)
    expect(codes).toHaveLength(190)
    expect(new Set(codes)).toEqual(new Set(['NO_SLOT']))
    expect(await doubleBookings(bench.database)).toEqual([])
    expect(await bench.database.query(`select 1 from scheduling.booking where status = 'held'`)).toHaveLength(
      10 + horizonMondays,
    )
  }, 120_000)

  test('N8 200 cases at once with room for all: each gets a slot and none is doubled', async () => {
    const technicians = Array.from({ length: 4 }, (_, index) => ({ technicianId: `t${index}`, skills: ['engine'] }))
    await bench.workshop.diary.putCentre(centre({ bays: ['1', '2', '3', '4'], technicians }))
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => hold(`case-${index}`)))
    expect(new Set(answers.map(({ booking }) => `${booking!.slot!.slotId} ${booking!.bay}`)).size).toBe(200)
    expect(await doubleBookings(bench.database)).toEqual([])
  }, 120_000)

  test('N8 the schema itself refuses an overlap, whatever the code believes', async () => {
    const { booking } = await hold('case-1')
    const stale = [{ centre: centre(), claims: new Map() }]
    const wish = {
      caseId: 'case-2',
      vehicleId: 'v',
      round: 1,
      attempt: 't#1',
      job: job({ urgency: vehicle.Urgency.CRITICAL }),
      holdExpiresAt: monday + minute,
    }
    let plans = 0
    const second = await bench.workshop.diary.hold(wish, (capacities) =>
      makeOffer({ job: wish.job, preference: preference(), now: monday }, ++plans < 4 ? stale : capacities),
    )
    expect(plans).toBe(4)
    expect(second.place.span.start).toBeGreaterThanOrEqual(Date.parse(booking!.slot!.endsAt!))
    const never = bench.workshop.diary.hold({ ...wish, caseId: 'case-3' }, () =>
      makeOffer({ job: wish.job, preference: preference(), now: monday }, stale),
    )
    await expect(never).rejects.toMatchObject({ kind: 'retryable', code: 'SLOT_TAKEN' })
    expect(await doubleBookings(bench.database)).toEqual([])
  })
})

describe('holds expire', () => {
  test('L5 a lapsed hold is reaped, once, and says so', async () => {
    const { booking } = await hold('case-1')
    expect(await bench.workshop.diary.expireLapsed()).toBe(0)
    bench.clock.now += 30 * minute
    expect(await bench.workshop.diary.expireLapsed()).toBe(1)
    expect(await bench.workshop.diary.expireLapsed()).toBe(0)
    expect(await bench.workshop.diary.find(booking!.bookingId)).toMatchObject({ status: BookingStatus.EXPIRED })
    const reasons = await bench.database.query(
      `select message->>'reason' as reason from scheduling.outbox order by position`,
    )
    expect(reasons).toEqual([{ reason: 'held' }, { reason: 'the hold expired' }])
  })

  test('L5 a lapsed hold that nobody reaped gives way at once', async () => {
    const tomorrow = { preference: preference({ notBefore: '2026-11-24T09:00:00Z' }) }
    const first = await hold('case-1', tomorrow)
    bench.clock.now += 30 * minute
    expect((await hold('case-2', tomorrow)).booking!.slot).toEqual(first.booking!.slot)
    expect(await bench.workshop.diary.find(first.booking!.bookingId)).toMatchObject({ status: BookingStatus.EXPIRED })
    expect(await doubleBookings(bench.database)).toEqual([])
  })

  test('L5 cancelled and released time is free again', async () => {
    const first = await hold('case-1')
    await cancelBooking(bench.workshop, { bookingId: first.booking!.bookingId, reason: 'sold' })
    expect((await hold('case-2')).booking!.slot).toEqual(first.booking!.slot)
  })
})

/** Held long jobs on every Monday but the first, so that only the first has room; gives how many. */
async function fillOtherMondays(): Promise<number> {
  let count = 0
  for (;;) {
    const filler = request(`filler-${count}`, {
      job: job({ urgency: vehicle.Urgency.LOW, labourHours: 5 }),
      preference: preference({ notBefore: '2026-11-24T00:00:00Z' }),
      holdMinutes: 14 * 24 * 60,
    })
    try {
      await holdSlot(bench.workshop, filler, filler.caseId)
      count++
    } catch (error) {
      expect(toFailure(error).code).toBe('NO_SLOT')
      return count
    }
  }
}
