/** Things that tests are made of. */
import { vehicle, type scheduling } from '@pitcrew/contracts'
import type { Booking } from './booking.ts'
import { BookingStatus } from './booking-status.ts'
import type { CentreCapacity } from './capacity.ts'
import { hour } from './interval.ts'

const weekdays = [1, 2, 3, 4, 5]

export function centre(overrides: Partial<scheduling.Centre> = {}): scheduling.Centre {
  return {
    centreId: 'riverside',
    name: 'Riverside Service',
    timeZone: 'Europe/Lisbon',
    openingHours: weekdays.map((weekday) => ({ weekday, opens: '08:00', closes: '17:00' })),
    bays: ['1'],
    technicians: [{ technicianId: 'ana', skills: ['engine'] }],
    ...overrides,
  }
}

export function capacity(
  overrides: Partial<scheduling.Centre> = {},
  claims: CentreCapacity['claims'] = new Map(),
): CentreCapacity {
  return { centre: centre(overrides), claims }
}

export function job(overrides: Partial<scheduling.Job> = {}): scheduling.Job {
  return { urgency: vehicle.Urgency.HIGH, skill: 'engine', labourHours: 1.5, parts: ['water pump'], ...overrides }
}

export function preference(overrides: Partial<scheduling.Preference> = {}): scheduling.Preference {
  return { dayParts: [], weekdays: [], centreId: '', refusedSlotIds: [], ...overrides }
}

export function booking(overrides: Partial<Booking> = {}): Booking {
  const start = Date.parse('2026-11-23T09:00:00Z')
  return {
    bookingId: 'b-1',
    caseId: 'case-1',
    vehicleId: 'vehicle-1',
    round: 1,
    attempt: 'task-1#1',
    job: job(),
    place: { centre: centre(), span: { start, end: start + 1.5 * hour }, bay: '1', technicianId: 'ana' },
    move: undefined,
    status: BookingStatus.HELD,
    dealerReference: '',
    owesCancellation: false,
    holdExpiresAt: start - 2 * hour,
    sequence: 0,
    version: 1,
    alternatives: [],
    changedAt: start - 4 * hour,
    ...overrides,
  }
}
