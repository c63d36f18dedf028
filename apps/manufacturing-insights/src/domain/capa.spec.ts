import { describe, expect, test } from '@jest/globals'
import { vehicle } from '@pitcrew/contracts'
import { close, contain, type OpenCapa } from './capa.ts'
import { groundsOf, isSafetyRelevant, opensOrJoins } from './capa-rule.ts'
import { isEffective, measureImpact } from './impact.ts'

const open: OpenCapa = {
  status: 'open',
  capaId: 'CAPA-00001',
  component: 'radiator',
  failureMode: 'coolant-leak',
  model: 'Falcon',
  openedAt: '2026-01-01T00:00:00.000Z',
  recurrenceOf: '',
}
const containment = { at: '2026-02-01T00:00:00.000Z', action: 'stock of lot 7 held' }
const fell = measureImpact({ failures: 10, vehicleMonths: 100 }, { failures: 0, vehicleMonths: 100 })

describe('L7 CAPA rule', () => {
  test('L7 only a confirmed failure opens or joins a CAPA', () => {
    expect((['confirmed', 'not-found', 'unseen'] as const).map(opensOrJoins)).toEqual([true, false, false])
  })

  test('L7 grounds rise from a first failure to repeated, significant and safety', () => {
    const facts = { safetyRelevant: false, failures: 1, significantFactors: 0, recurrenceOf: '' }
    expect(groundsOf(facts)).toEqual(['first-confirmed'])
    expect(groundsOf({ ...facts, failures: 3 })).toEqual(['repeated'])
    expect(groundsOf({ safetyRelevant: true, failures: 3, significantFactors: 1, recurrenceOf: 'CAPA-00001' })).toEqual(
      ['safety', 'recurrence', 'significant', 'repeated'],
    )
  })

  test('L7 brakes and tyres endanger people whatever the part, a radiator does not', () => {
    expect(isSafetyRelevant(vehicle.VehicleSystem.BRAKES, 'sensor')).toBe(true)
    expect(isSafetyRelevant(vehicle.VehicleSystem.FUEL_AIR, 'fuel-line')).toBe(true)
    expect(isSafetyRelevant(vehicle.VehicleSystem.COOLING, 'radiator')).toBe(false)
  })
})

describe('L7 CAPA life', () => {
  test('L7 open, contained, closed, once the check and the FMEA are there', () => {
    const contained = contain(open, containment)
    expect(contained).toMatchObject({ status: 'contained', containment })
    const closure = { at: '2026-06-01T00:00:00.000Z', effectiveness: fell, fmeaReference: 'FMEA-12 rev C' }
    expect(close(contained, closure)).toMatchObject({ status: 'closed', closure })
  })

  test.each([
    ['the FMEA was not updated', { effectiveness: fell, fmeaReference: ' ' }, /FMEA/],
    [
      'nothing was measured',
      {
        effectiveness: measureImpact({ failures: 1, vehicleMonths: 9 }, { failures: 0, vehicleMonths: 0 }),
        fmeaReference: 'F',
      },
      /failure rate that fell/,
    ],
    [
      'the fall may be chance',
      {
        effectiveness: measureImpact({ failures: 2, vehicleMonths: 10 }, { failures: 0, vehicleMonths: 10 }),
        fmeaReference: 'F',
      },
      /failure rate that fell/,
    ],
  ])('L7 the gate of D8 holds when %s', (_why, evidence, says) => {
    const attempt = () => close(contain(open, containment), { at: '2026-06-01T00:00:00.000Z', ...evidence })
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'CAPA_NOT_VERIFIED', message: expect.stringMatching(says) }),
    )
  })

  test('L7 illegal transitions throw', () => {
    const illegal = expect.objectContaining({ code: 'ILLEGAL_TRANSITION' })
    expect(() => close(open, { at: '', effectiveness: fell, fmeaReference: 'F' })).toThrow(illegal)
    expect(() => contain(contain(open, containment), containment)).toThrow(illegal)
    expect(() => contain(open, { at: '', action: '' })).toThrow(expect.objectContaining({ code: 'CONTAINMENT_EMPTY' }))
  })
})

describe('L7 impact measurement', () => {
  test('L7 failures per 1000 vehicle-months before and after, with the chance that nothing changed', () => {
    expect(fell).toEqual({ before: 100, after: 0, reduction: 1, pValue: expect.closeTo(2 ** -10, 12) })
    expect(isEffective(fell)).toBe(true)
  })

  test('L7 a rate that rose is not effective', () => {
    expect(isEffective(measureImpact({ failures: 1, vehicleMonths: 100 }, { failures: 9, vehicleMonths: 100 }))).toBe(
      false,
    )
  })
})
