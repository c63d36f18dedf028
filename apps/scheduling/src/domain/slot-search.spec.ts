import { describe, expect, test } from '@jest/globals'
import { vehicle } from '@pitcrew/contracts'
import { capacity, job, preference } from './builders.ts'
import { bayResource, technicianResource } from './capacity.ts'
import { day, hour } from './interval.ts'
import { listSlots, makeOffer } from './offer.ts'
import { crewAt, searchSlots } from './slot-search.ts'

const { CRITICAL, HIGH, MEDIUM, LOW } = vehicle.Urgency
const monday = Date.parse('2026-11-23T08:00:00Z')
const local = (at: number) => new Date(at).toISOString().slice(0, 16)
const first = (urgency: vehicle.Urgency, wishes = {}, capacities = [capacity()], now = monday) =>
  searchSlots({ job: job({ urgency }), preference: preference(wishes), now }, capacities)[0]

describe('slot search by urgency', () => {
  test('L5 CRITICAL is offered the first half hour from two hours on', () => {
    expect(local(first(CRITICAL)!.span.start)).toBe('2026-11-23T10:00')
    expect(local(first(CRITICAL, {}, [capacity()], monday + 60_000)!.span.start)).toBe('2026-11-23T10:30')
  })

  test('L5 each urgency stays within its window and the less urgent leave the next hours free', () => {
    const windows: [vehicle.Urgency, number, number][] = [
      [CRITICAL, 2, 3 * 24],
      [HIGH, 4, 3 * 24],
      [MEDIUM, 24, 14 * 24],
      [LOW, 48, 30 * 24],
    ]
    for (const [urgency, soonest, latest] of windows) {
      const waits = searchSlots({ job: job({ urgency }), preference: preference(), now: monday }, [capacity()]).map(
        ({ span }) => (span.start - monday) / hour,
      )
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(soonest)
      expect(Math.max(...waits)).toBeLessThanOrEqual(latest)
      expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    }
  })

  test('L5 a full window is widened: a late slot is better than none', () => {
    const closed = { start: monday, end: monday + 5 * day }
    const claims = new Map([[bayResource('riverside', '1'), [closed]]])
    expect(local(first(HIGH, {}, [capacity({}, claims)])!.span.start)).toBe('2026-11-30T08:00')
  })
})

describe('slot search and the workshop', () => {
  test('L5 no job spans closing time and none starts when the centre is closed', () => {
    const found = searchSlots({ job: job({ labourHours: 4 }), preference: preference(), now: monday }, [capacity()])
    expect(found.length).toBeGreaterThan(0)
    for (const { span } of found) {
      expect(new Date(span.start).getUTCHours()).toBeGreaterThanOrEqual(8)
      expect(span.end).toBeLessThanOrEqual(Date.parse(`${local(span.start).slice(0, 10)}T17:00:00Z`))
    }
  })

  test('L5 labour is rounded up to half hours, half an hour at least', () => {
    const length = (labourHours: number) => {
      const { span } = searchSlots({ job: job({ labourHours }), preference: preference(), now: monday }, [
        capacity(),
      ])[0]!
      return (span.end - span.start) / hour
    }
    expect([0.1, 0.5, 1.1, 2].map(length)).toEqual([0.5, 0.5, 1.5, 2])
  })

  test('N8 a slot needs both a free bay and a free technician with the skill', () => {
    const noon = { start: monday + 4 * hour, end: monday + 5 * hour }
    const busy = new Map([[technicianResource('riverside', 'ana'), [noon]]])
    expect(crewAt(capacity({}, busy), job({ labourHours: 1 }), noon.start)).toBe('taken')
    expect(crewAt(capacity({}, busy), job({ labourHours: 1 }), noon.end)).toEqual({ bay: '1', technicianId: 'ana' })
    expect(crewAt(capacity(), job({ labourHours: 1 }), Date.parse('2026-11-23T16:30:00Z'))).toBe('closed')
    expect(crewAt(capacity(), job({ skill: 'brakes' }), noon.end)).toBe('taken')
  })

  test('N8 the least versatile technician goes first', () => {
    const technicians = [
      { technicianId: 'all-rounder', skills: ['engine', 'brakes', 'electrical'] },
      { technicianId: 'engines-only', skills: ['engine'] },
    ]
    expect(crewAt(capacity({ technicians }), job(), monday + hour)).toMatchObject({ technicianId: 'engines-only' })
  })

  test('L5 what nobody can do, and what has no room, are told apart', () => {
    const search = { job: job({ skill: 'welding' }), preference: preference(), now: monday }
    expect(() => makeOffer(search, [capacity()])).toThrow(
      expect.objectContaining({ kind: 'terminal', code: 'NO_CAPACITY' }),
    )
    const long = { ...search, job: job({ labourHours: 12 }) }
    expect(() => makeOffer(long, [capacity()])).toThrow(expect.objectContaining({ kind: 'terminal', code: 'NO_SLOT' }))
  })
})

describe('slot search and the customer', () => {
  test('L5 wishes win where waiting is cheap and lose where it is not', () => {
    const saturdays = capacity({
      openingHours: [1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, opens: '08:00', closes: '17:00' })),
    })
    const wishes = { dayParts: ['afternoon'], weekdays: [6] }
    expect(local(first(MEDIUM, wishes, [saturdays])!.span.start)).toBe('2026-11-28T12:00')
    expect(local(first(CRITICAL, wishes, [saturdays])!.span.start)).toBe('2026-11-23T12:00')
    expect(local(first(CRITICAL, { dayParts: ['morning'] }, [capacity()], monday + 4 * hour)!.span.start)).toBe(
      '2026-11-23T14:00',
    )
  })

  test('L5 day parts are those of the centre, not of UTC', () => {
    const tokyo = capacity({ timeZone: 'Asia/Tokyo' })
    expect(local(first(HIGH, { dayParts: ['afternoon'] }, [tokyo])!.span.start)).toBe('2026-11-24T03:00')
  })

  test('L5 another centre is taken when the favourite would cost too much time', () => {
    const full = new Map([[bayResource('riverside', '1'), [{ start: monday, end: monday + 10 * day }]]])
    const near = capacity({}, full)
    const far = capacity({ centreId: 'hilltop' })
    expect(first(HIGH, { centreId: 'riverside' }, [capacity(), far])!.centre.centreId).toBe('riverside')
    expect(first(HIGH, { centreId: 'riverside' }, [near, far])!.centre.centreId).toBe('hilltop')
  })

  test('L5 nothing before not_before, nothing that was refused, nothing after not_after while there is a choice', () => {
    const notBefore = '2026-11-25T13:00:00Z'
    expect(local(first(CRITICAL, { notBefore })!.span.start)).toBe('2026-11-25T13:00')
    expect(local(first(HIGH, { notBefore: '2026-12-07T00:00:00Z' })!.span.start)).toBe('2026-12-07T08:00')
    const refusedSlotIds = ['riverside~20261123T100000Z', 'riverside~20261123T103000Z']
    expect(local(first(CRITICAL, { refusedSlotIds })!.span.start)).toBe('2026-11-23T11:00')
    const latest = searchSlots(
      { job: job(), preference: preference({ notAfter: '2026-11-24T09:00:00Z' }), now: monday },
      [capacity()],
    )
    expect(local(Math.max(...latest.map(({ span }) => span.start)))).toBe('2026-11-24T09:00')
    expect(local(first(HIGH, { notAfter: '2026-11-23T09:00:00Z' })!.span.start)).toBe('2026-11-23T10:00')
  })
})

describe('an offer', () => {
  test('L5 has alternatives that are a real choice, never adjacent half hours while there is room', () => {
    for (const [urgency, apart] of [
      [CRITICAL, 2],
      [HIGH, 4],
      [MEDIUM, 20],
    ] as const) {
      const { place, alternatives } = makeOffer({ job: job({ urgency }), preference: preference(), now: monday }, [
        capacity(),
      ])
      expect(alternatives).toHaveLength(3)
      const starts = [place.span.start, ...alternatives.map(({ startsAt }) => Date.parse(startsAt!))].toSorted(
        (a, b) => a - b,
      )
      for (const [index, start] of starts.slice(1).entries())
        expect(start - starts[index]!).toBeGreaterThanOrEqual(apart * hour)
    }
  })

  test('L5 a list as long as the free time gives all of it, each slot once', () => {
    const oneDay = capacity({ openingHours: [{ weekday: 1, opens: '08:00', closes: '12:00' }] })
    const wishes = preference({ notAfter: '2026-11-23T23:00:00Z' })
    const slots = listSlots(
      { job: job({ urgency: CRITICAL, labourHours: 0.5 }), preference: wishes, now: monday - 4 * hour },
      [oneDay],
      50,
    )
    expect(slots.map(({ slotId }) => slotId).toSorted()).toEqual(
      ['0800', '0830', '0900', '0930', '1000', '1030', '1100', '1130'].map((at) => `riverside~20261123T${at}00Z`),
    )
  })
})
