import { describe, expect, test } from '@jest/globals'
import { vehicle } from '@pitcrew/contracts'
import { centre, job, preference } from './builders.ts'
import { checkedCentre } from './centre.ts'
import { checkedJob, checkedPreference } from './job.ts'
import { parseSlotId, slotId } from './slot.ts'

const refusal = (code: string, says: RegExp) =>
  expect.objectContaining({ kind: 'terminal', code, message: expect.stringMatching(says) })

describe('bad input', () => {
  test('L5 of a job is refused with the field, what it was and what was expected', () => {
    expect(checkedJob(job())).toEqual(job())
    expect(() => checkedJob(undefined)).toThrow(refusal('BAD_JOB', /job is missing/))
    expect(() => checkedJob(job({ skill: '' }))).toThrow(refusal('BAD_JOB', /job\.skill/))
    for (const labourHours of [0, -1, NaN, 25]) {
      expect(() => checkedJob(job({ labourHours }))).toThrow(refusal('BAD_JOB', /job\.labour_hours is .*expected/))
    }
    expect(() => checkedJob(job({ urgency: vehicle.Urgency.UNSPECIFIED }))).toThrow(
      refusal('BAD_JOB', /URGENCY_UNSPECIFIED/),
    )
  })

  test('L5 of a preference is refused, none is fine', () => {
    expect(checkedPreference(undefined)).toEqual(preference())
    const bad = [
      [{ dayParts: ['night'] }, /day_parts has "night"/],
      [{ weekdays: [0] }, /weekdays has 0/],
      [{ notBefore: 'soon' }, /not_before is "soon"/],
      [{ notBefore: '2026-11-24T00:00:00Z', notAfter: '2026-11-23T00:00:00Z' }, /not earlier/],
    ] as const
    for (const [wishes, says] of bad) {
      expect(() => checkedPreference(preference(wishes as object))).toThrow(refusal('BAD_PREFERENCE', says))
    }
  })

  test('L5 of a centre is refused before anything is stored', () => {
    expect(checkedCentre(centre())).toEqual(centre())
    const hours = (opens: string, closes: string, weekday = 1) => ({ openingHours: [{ weekday, opens, closes }] })
    const bad = [
      [{ centreId: 'a b' }, /centre_id is "a b"/],
      [{ name: ' ' }, /name is empty/],
      [{ timeZone: 'Mars/Olympus' }, /time_zone is "Mars/],
      [{ openingHours: [] }, /opening_hours is empty/],
      [hours('8:00', '17:00'), /opens is "8:00"/],
      [hours('08:00', '25:00'), /closes is "25:00"/],
      [hours('17:00', '08:00'), /not before closes/],
      [hours('08:00', '17:00', 8), /weekday is 8/],
      [{ bays: [] }, /bays is empty/],
      [{ bays: ['1', '1'] }, /names "1" twice/],
      [{ technicians: [{ technicianId: 'ana', skills: [] }] }, /"ana" skills is empty/],
      [
        {
          technicians: [
            { technicianId: 'a', skills: ['x'] },
            { technicianId: 'a', skills: ['x'] },
          ],
        },
        /twice/,
      ],
    ] as const
    for (const [fields, says] of bad) {
      expect(() => checkedCentre(centre(fields as object))).toThrow(refusal('BAD_CENTRE', says))
    }
  })

  test('L5 slot ids say centre and start and survive the round trip', () => {
    const key = { centreId: 'north~side', start: Date.parse('2026-11-23T09:30:00Z') }
    expect(parseSlotId(slotId(key))).toEqual(key)
    for (const id of ['', 'riverside', 'riverside~20261399T090000Z', '~20261123T090000Z', 'riverside~2026-11-23']) {
      expect(() => parseSlotId(id)).toThrow(refusal('BAD_SLOT', /not a slot id/))
    }
  })
})
