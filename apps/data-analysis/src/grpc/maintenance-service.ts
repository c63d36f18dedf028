import { maintenance } from '@pitcrew/contracts'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import type { MaintenanceDesk } from '../handlers/planned-maintenance/maintenance-desk.ts'
import { dueMessage, planMessage, readPlan, stateOf } from '../messages/maintenance.ts'

export interface MaintenanceDoor {
  desk: MaintenanceDesk
  now(): number
}

export function maintenanceService({ desk, now }: MaintenanceDoor): RpcService {
  const implementation: maintenance.MaintenanceServiceServer = {
    putPlan: unary(async ({ plan: message, subject }) => {
      const plan = readPlan(message)
      return { plan: planMessage(await desk.put(plan, { subject, reason: plan.reason, atMs: now() })) }
    }),
    endPlan: unary(async ({ planId, subject, reason }) => {
      await desk.end(planId, { subject, reason, atMs: now() })
      return {}
    }),
    listPlans: unary(async () => ({ plans: (await desk.list()).map(planMessage) })),
    listDue: unary(async ({ vehicleId, planId, states, limit }) => {
      const due = await desk.due({ vehicleId, planId, states: states.map(stateOf), limit: listLimit(limit) })
      return { due: due.map(dueMessage) }
    }),
    recordDone: unary(async ({ planId, vehicleId, at, odometerKm, engineHours, note, subject }) => {
      const nowMs = now()
      const done = {
        atMs: at === undefined ? nowMs : Date.parse(at),
        ...(odometerKm !== undefined && { km: odometerKm }),
        ...(engineHours !== undefined && { engineHours }),
        note,
      }
      const due = await desk.recordDone(planId, vehicleId, done, { subject, reason: note, atMs: nowMs })
      return { due: dueMessage(due) }
    }),
  }
  return { definition: maintenance.MaintenanceServiceService, implementation }
}
