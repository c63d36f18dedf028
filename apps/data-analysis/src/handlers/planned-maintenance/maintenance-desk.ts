/** What people do with plans: put and end them, see what is due, and say what was done. */
import { Terminal } from '@pitcrew/errors'
import { checkPlan, concerns, type Done, type Plan, type Standing } from '../../domain/planned-maintenance/index.ts'
import type { Act } from '../audit-record.ts'
import { plansOf, type PlanOfVehicle } from './standings.ts'
import type { PlanStore, StandingPlan } from './ports.ts'

export interface DueSearch {
  /** '' for all. */
  vehicleId: string
  planId: string
  /** Empty for those that are due and overdue. */
  states: readonly Standing['state'][]
  limit: number
}

export interface MaintenanceDesk {
  /** Throws Terminal BAD_PLAN. */
  put(plan: Plan, act: Act): Promise<StandingPlan>
  /** Throws Terminal NOT_FOUND. */
  end(planId: string, act: Act): Promise<void>
  list(): Promise<StandingPlan[]>
  /** What is over first, then by the date on which it is expected. */
  due(search: DueSearch): Promise<PlanOfVehicle[]>
  /** Throws Terminal NOT_FOUND, BAD_RECORD. */
  recordDone(planId: string, vehicleId: string, done: Omit<Done, 'source'>, act: Act): Promise<PlanOfVehicle>
}

export function maintenanceDesk(store: PlanStore, now: () => number): MaintenanceDesk {
  return {
    async put(plan, act) {
      await store.put(checkPlan(plan), act)
      return { plan, subject: act.subject, putAtMs: act.atMs }
    },
    async end(planId, act) {
      if (!(await store.end(planId, act))) throw noPlan(planId)
    },
    list: () => store.list(),
    async due({ vehicleId, planId, states, limit }) {
      const wanted = states.length > 0 ? states : ['due', 'overdue']
      const plans = (await store.list()).filter(({ plan }) => planId === '' || plan.planId === planId)
      const subjects = await store.subjects({
        vehicleIds: vehicleId === '' ? plans.map(({ plan }) => plan.vehicleId).filter((id) => id !== '') : [vehicleId],
        vehicleModels: vehicleId === '' ? plans.map(({ plan }) => plan.vehicleModel).filter((name) => name !== '') : [],
      })
      return subjects
        .flatMap((subject) => plansOf(subject, plans, now()))
        .filter(({ standing }) => wanted.includes(standing.state))
        .toSorted(bySoonest)
        .slice(0, limit)
    },
    async recordDone(planId, vehicleId, done, act) {
      const standing = await store.find(planId)
      if (standing === undefined) throw noPlan(planId)
      const subject = (await store.subjects({ vehicleIds: [vehicleId], vehicleModels: [] }))[0]
      if (subject === undefined || !concerns(standing.plan, vehicleId, subject.vehicleModel))
        throw new Terminal(
          'NOT_FOUND',
          `plan ${planId} is about no vehicle ${JSON.stringify(vehicleId)} that is known`,
          {
            hint: './pitcrew maintenance due --state scheduled,due,overdue',
          },
        )
      if (done.atMs > act.atMs) throw badRecord(`it is ${new Date(done.atMs).toISOString()}: expected no time to come`)
      if (!((done.km ?? 0) >= 0 && (done.engineHours ?? 0) >= 0)) throw badRecord('expected km and hours of 0 or more')
      await store.recordDone(planId, vehicleId, done, act)
      const [after] = await store.subjects({ vehicleIds: [vehicleId], vehicleModels: [] })
      return plansOf(after ?? subject, [standing], now())[0]!
    },
  }
}

const order: Record<Standing['state'], number> = { overdue: 0, due: 1, scheduled: 2 }

const bySoonest = (a: PlanOfVehicle, b: PlanOfVehicle): number =>
  order[a.standing.state] - order[b.standing.state] ||
  (a.standing.dueAt?.medianMs ?? Infinity) - (b.standing.dueAt?.medianMs ?? Infinity) ||
  (a.vehicleId < b.vehicleId ? -1 : 1)

const noPlan = (planId: string) =>
  new Terminal('NOT_FOUND', `there is no plan ${JSON.stringify(planId)}`, { hint: './pitcrew maintenance plans' })

const badRecord = (why: string) => new Terminal('BAD_RECORD', `when it was done cannot be recorded: ${why}`)
