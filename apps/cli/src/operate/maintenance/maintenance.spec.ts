import { expect, test } from '@jest/globals'
import { maintenance } from '@pitcrew/contracts'
import { dueTable, plansTable } from './maintenance.ts'

const plan = maintenance.Plan.fromPartial({
  planId: 'oil',
  what: 'oil service',
  vehicleModel: 'etios',
  everyKm: 15_000,
  everyMonths: 12,
  noticeShare: 0.1,
  system: 'VEHICLE_SYSTEM_LUBRICATION',
  parts: ['oil filter', 'engine oil'],
  labourHours: 0.7,
  subject: 'ada',
})

test('L3 a plan is shown with its intervals, whichever comes first', () => {
  const text = plansTable([plan, { ...plan, planId: 'wear', noticeKm: 500, everyEngineHours: 250 }])
  expect(text).toContain('15000 km or 12 months')
  expect(text).toContain('15000 km or 250 h or 12 months')
  expect(text).toContain('etios (model)')
  expect(text).toContain('10 %')
  expect(text).toContain('500 km')
})

test('L3 what is due is shown with what is left, when it is expected, and who tells of it', () => {
  const due = maintenance.Due.fromPartial({
    plan,
    vehicleId: 'truck-7',
    state: 'DUE_STATE_OVERDUE',
    first: 'DUE_MEASURE_DISTANCE',
    remainingKm: -900.4,
    remainingDays: 61,
    expected: '2026-11-16T00:00:00.000Z',
    earliest: '2026-11-15T00:00:00.000Z',
    latest: '2026-11-18T00:00:00.000Z',
    alertId: 'truck-7-lubrication-1',
    alertOutcome: 'declined',
  })
  const text = dueTable([due]).replaceAll(/\s+/g, ' ')
  for (const part of [
    'truck-7 oil oil service overdue distance -900 km, 61 days',
    '2026-11-16 (2026-11-15 to 2026-11-18)',
    'truck-7-lubrication-1, declined',
  ])
    expect(text).toContain(part)
  expect(dueTable([{ ...due, silent: true, alertId: '' }])).toContain('sends nothing: no alert will tell')
})
