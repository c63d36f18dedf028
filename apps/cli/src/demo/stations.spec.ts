import { describe, expect, test } from '@jest/globals'
import { analysis, scheduling, vehicle, workflow } from '@pitcrew/contracts'
import { hasEnded, standingOf, stationOf } from './stations.ts'

const changed = (transition: Partial<workflow.Transition>) => ({
  type: 'case.changed',
  message: workflow.CaseChanged.toJSON(
    workflow.CaseChanged.fromPartial({
      case: { caseId: 'c1', vehicleId: 'v1', phase: workflow.Phase.RETRY, status: workflow.WorkflowStatus.RUNNING },
      transition,
    }),
  ),
})

describe('L13 the stations of a case', () => {
  test('an alert tells system, urgency and time to failure', () => {
    const alert = analysis.Alert.fromPartial({
      system: vehicle.VehicleSystem.COOLING,
      urgency: vehicle.Urgency.HIGH,
      timeToFailure: { lowerHours: 20, medianHours: 60, upperHours: 160 },
    })
    const station = stationOf({ type: 'alert.raised', message: analysis.Alert.toJSON(alert) })
    expect(station).toMatchObject({
      event: 'alert.raised',
      words: 'cooling, HIGH, fails in 2.5 d (20 h to 6.7 d)',
      fields: { system: 'COOLING', urgency: 'HIGH' },
    })
  })

  test('a visit tells what was found and whether it was repaired', () => {
    const visit = scheduling.VisitCompleted.fromPartial({
      workOrder: { failureModeFound: 'coolant-leak', componentReplaced: 'hose', repaired: true },
    })
    const station = stationOf({ type: 'visit.completed', message: scheduling.VisitCompleted.toJSON(visit) })
    expect(station).toMatchObject({ words: 'found coolant-leak, hose replaced', fields: { repaired: true } })
  })

  test('L8 of the changes of a case a failed attempt is a station, with who failed and why', () => {
    const failed = changed({ event: 'task-failed', node: 'hold-slot', agent: 'scheduling.1', detail: 'X: down' })
    expect(stationOf(failed)).toMatchObject({
      event: 'attempt.failed',
      words: 'attempt of hold-slot by scheduling.1 failed: X: down',
    })
    expect(stationOf(changed({ event: 'task-succeeded' }))).toBeUndefined()
    expect(standingOf(failed)).toMatchObject({ caseId: 'c1', phase: 'RETRY', status: 'RUNNING' })
  })

  test('an event that it does not know is none', () => {
    expect(stationOf({ type: 'constructor', message: {} })).toBeUndefined()
    expect(standingOf({ type: 'alert.raised', message: {} })).toBeUndefined()
  })

  test.each([
    ['RUNNING', false],
    ['PAUSED', false],
    ['CANCELLED', true],
    ['FAILED', true],
  ])('a case that is %s has ended: %s', (status, ended) => {
    const standing = { caseId: '', vehicleId: '', phase: '', outcome: '', detail: '', status }
    expect(hasEnded(standing)).toBe(ended)
  })
})
