/** What a vehicle's plans say of it, from everything that is on record. */
import {
  concerns,
  featureOf,
  isDoneBy,
  standingOf,
  type Plan,
  type Standing,
  type Usage,
} from '../../domain/planned-maintenance/index.ts'
import type { DoneEntry, StandingPlan, Subject, Told } from './ports.ts'

export interface PlanOfVehicle {
  standing: Standing
  plan: StandingPlan
  vehicleId: string
  /** The alert that told of it since it was last done. */
  told: Told | undefined
  usage: Usage | undefined
}

export function plansOf(subject: Subject, plans: readonly StandingPlan[], nowMs: number): PlanOfVehicle[] {
  const { vehicleId, vehicleModel, sinceMs, seenMs, usage } = subject
  return plans
    .filter(({ plan }) => concerns(plan, vehicleId, vehicleModel))
    .map((standing) => {
      const { plan, putAtMs } = standing
      const done = lastDone(subject, plan)
      const afterMs = Math.max(done?.knownAtMs ?? 0, putAtMs)
      const told = subject.told.find((one) => one.feature === featureOf(plan) && one.toldAtMs > afterMs)
      const open = told !== undefined && told.status !== 'ended'
      return {
        plan: standing,
        vehicleId,
        told,
        usage,
        standing: standingOf(plan, { sinceMs, seenMs, usage, done }, nowMs, open),
      }
    })
}

/** Recorded by hand, or by a visit: one that replaced what the plan replaces, or whose case was about it. */
function lastDone({ recorded, visits }: Subject, plan: Plan): DoneEntry | undefined {
  const byHand = recorded.get(plan.planId)
  const visit = visits.find(
    ({ component, features }) => isDoneBy(plan, component) || features.includes(featureOf(plan)),
  )
  if (visit === undefined || (byHand && byHand.atMs >= visit.atMs)) return byHand
  const { atMs, odometerKm, component } = visit
  return {
    source: 'visit',
    atMs,
    knownAtMs: atMs,
    ...(odometerKm > 0 && { km: odometerKm }),
    note: component,
  }
}
