import { describe, expect, test } from '@jest/globals'
import { scheduling, vehicle, workflow } from '@pitcrew/contracts'
import { createTelemetry } from '@pitcrew/observability'
import { onCaseChanged } from './case-changed.ts'
import { lookBackMs, peersSinceMs } from './look-back.ts'
import type { EndedCase, Repair } from './ports.ts'
import { onVehicleRegistered } from './vehicle-registered.ts'
import { onVisitCompleted } from './visit-completed.ts'

const { logger } = createTelemetry({ service: 'data-analysis', instance: 'test', write: () => {} })
const { COMPLETED, CANCELLED, FAILED, RUNNING } = workflow.WorkflowStatus

describe('orchestration.case.changed', () => {
  const told = async (status: workflow.WorkflowStatus, outcome: string) => {
    const ended: EndedCase[] = []
    const handler = onCaseChanged({ ended: async (one) => ended.push(one) > 0 }, logger)
    await handler({ message: workflow.CaseChanged.fromPartial({ case: { caseId: 'c1', status, outcome } }) })
    return ended
  }

  test('M1 a case that is completed or cancelled has ended', async () => {
    expect(await told(COMPLETED, 'declined')).toEqual([{ caseId: 'c1', outcome: 'declined' }])
    expect(await told(CANCELLED, '')).toEqual([{ caseId: 'c1', outcome: 'cancelled' }])
  })

  test('M4 a case that runs, or failed and may be retried, has not', async () => {
    for (const status of [RUNNING, FAILED]) expect(await told(status, '')).toEqual([])
  })
})

describe('scheduling.visit.completed', () => {
  test('L7 only a repair is one', async () => {
    const repairs: Repair[] = []
    const handler = onVisitCompleted({ repaired: async (one) => repairs.push(one) > 0 }, logger)
    const visit = (repaired: boolean) =>
      scheduling.VisitCompleted.fromPartial({
        caseId: 'c1',
        workOrder: { repaired, failureModeFound: 'coolant-leak', componentReplaced: 'hose', odometerKm: 7 },
      })
    await handler({ message: visit(false), time: '2026-01-01T00:00:00.000Z' })
    expect(repairs).toEqual([])
    await handler({ message: visit(true), time: '2026-01-01T00:00:00.000Z' })
    expect(repairs).toEqual([
      { caseId: 'c1', failureMode: 'coolant-leak', component: 'hose', odometerKm: 7, at: '2026-01-01T00:00:00.000Z' },
    ])
  })
})

describe('telemetry.vehicle.registered', () => {
  test('L2 a vehicle without an id is refused for good', async () => {
    const handler = onVehicleRegistered({ save: async () => undefined })
    const message = vehicle.Vehicle.fromPartial({})
    await expect(handler({ message, time: '2026-01-01T00:00:00.000Z' })).rejects.toMatchObject({
      kind: 'terminal',
      code: 'VEHICLE_WITHOUT_ID',
    })
  })
})

describe('passes of a diagnosis', () => {
  test('C4 each pass looks further back, the third at everything', () => {
    const now = Date.UTC(2026, 0, 1)
    for (const since of [lookBackMs, peersSinceMs]) {
      expect(since(1, now)).toBeGreaterThan(since(2, now))
      expect(since(2, now)).toBeGreaterThan(since(3, now))
      expect(since(3, now)).toBe(0)
    }
    expect(lookBackMs(1, now)).toBe(now - 90 * 86_400_000)
  })
})
