import { describe, expect, test } from '@jest/globals'
import { manufacturing, vehicle } from '@pitcrew/contracts'
import { failureOf, isFailure } from './failure.ts'
import { monthsInService, startOfService } from './time-in-service.ts'

const at = '2026-11-20T12:00:00.000Z'
const request = manufacturing.RecordFailureRequest.fromPartial({
  caseId: 'case-1',
  vehicle: { vehicleId: 'v-1', model: 'Falcon', buildMonth: '2024-03', plant: 'A', inServiceDate: '2024-06-17' },
  system: vehicle.VehicleSystem.COOLING,
  hypothesis: { failureMode: 'coolant-leak', component: 'hose', probability: 0.9 },
  workOrder: {
    workOrderId: 'w',
    failureModeFound: 'radiator-clogged',
    componentReplaced: 'radiator',
    odometerKm: 41_000,
    repaired: true,
  },
  feedback: { rating: 5, comment: 'Thanks, Maria' },
})

describe('L7 failure ingestion', () => {
  test('L7 what the workshop found outranks what the diagnosis predicted, and both are kept', () => {
    const { record, verdict } = failureOf(request, at)
    expect(verdict).toBe('confirmed')
    expect(record).toMatchObject({
      component: 'radiator',
      failureMode: 'radiator-clogged',
      predictedFailureMode: 'coolant-leak',
      rating: 5,
      repaired: true,
    })
    expect(record.monthsInService).toBeCloseTo(29.14, 1)
  })

  test('L6 the comment of the customer, which may name people, is not kept here', () => {
    expect(JSON.stringify(failureOf(request, at))).not.toContain('Maria')
  })

  test.each([
    ['no-fault-found', 'not-found'],
    ['', 'not-found'],
    ['coolant-leak', 'confirmed'],
  ])('L7 the workshop finding "%s" is %s', (failureModeFound, verdict) => {
    const found = { ...request, workOrder: { ...request.workOrder!, failureModeFound } }
    expect(failureOf(found, at).verdict).toBe(verdict)
  })

  test.each([
    ['planned-maintenance', 'planned-maintenance', false],
    ['planned-maintenance', '', false],
    ['planned-maintenance', 'coolant-leak', true],
    ['coolant-leak', 'planned-maintenance', false],
    ['coolant-leak', '', true],
  ])('L7 a case about %s in which the workshop found "%s" is a failure: %s', (failureMode, failureModeFound, is) => {
    const hypothesis = { ...request.hypothesis!, failureMode }
    expect(isFailure({ ...request, hypothesis, workOrder: { ...request.workOrder!, failureModeFound } })).toBe(is)
  })

  test('L7 without a work order there is only the prediction', () => {
    const { record, verdict } = failureOf({ ...request, workOrder: undefined, feedback: undefined }, at)
    expect(verdict).toBe('unseen')
    expect(record).toMatchObject({ component: 'hose', failureMode: 'coolant-leak', repaired: false, rating: 0 })
  })

  test('L7 refuses a failure without case or vehicle', () => {
    const code = expect.objectContaining({ code: 'FAILURE_INCOMPLETE', kind: 'terminal' })
    expect(() => failureOf({ ...request, caseId: '' }, at)).toThrow(code)
    expect(() => failureOf({ ...request, vehicle: undefined }, at)).toThrow(code)
  })

  test('L7 service starts at first registration, or at the build month when that is unknown', () => {
    expect(startOfService({ inServiceDate: '2024-06-17', buildMonth: '2024-03' })).toBe('2024-06-17')
    expect(startOfService({ inServiceDate: '', buildMonth: '2024-03' })).toBe('2024-03-01')
    expect(startOfService({ inServiceDate: '', buildMonth: '' })).toBeUndefined()
    expect(monthsInService('2027-01-01', at)).toBe(0)
    expect(monthsInService(undefined, at)).toBe(0)
  })
})
