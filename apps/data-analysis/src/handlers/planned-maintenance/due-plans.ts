/**
 * Owns: which plans are to be told of, read for some vehicles at a time. Invariants:
 * 1. It is told once: after its case has ended without the service, it is listed and no longer told, until it is done and
 *    due again.
 * 2. What is on record is read when it is asked for, so that a service that was done is not told of again.
 */
import { duePlanOf, type DuePlan } from '../../domain/planned-maintenance/index.ts'
import { plansOf } from './standings.ts'
import type { PlanStore, StandingPlan } from './ports.ts'

export interface DuePlans {
  /** Reads the plans. True when they, or what is recorded as done, have changed since the last time. */
  refresh(): Promise<boolean>
  /** Of those that have any. */
  of(vehicleIds: readonly string[]): Promise<Map<string, DuePlan[]>>
}

export function duePlans(store: Pick<PlanStore, 'list' | 'edition' | 'subjects'>, now: () => number): DuePlans {
  let edition = ''
  let plans: StandingPlan[] = []
  return {
    async refresh() {
      const current = await store.edition()
      if (current === edition) return false
      plans = await store.list()
      edition = current
      return true
    },
    async of(vehicleIds) {
      const due = new Map<string, DuePlan[]>()
      if (plans.length === 0) return due
      const nowMs = now()
      for (const subject of await store.subjects({ vehicleIds, vehicleModels: [] })) {
        const tell = plansOf(subject, plans, nowMs)
          .filter(({ standing, told }) => standing.state !== 'scheduled' && told?.status !== 'ended')
          .map(({ plan, standing }) => duePlanOf(plan.plan, standing, nowMs))
        if (tell.length > 0) due.set(subject.vehicleId, tell)
      }
      return due
    },
  }
}
