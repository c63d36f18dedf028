import type { Database } from '@pitcrew/database'
import type { Plan } from '../domain/planned-maintenance/index.ts'
import type { PlanStore, StandingPlan } from '../handlers/planned-maintenance/ports.ts'
import { writeAudit } from './audit.ts'
import { maintenanceSubjects } from './maintenance-subjects.ts'

interface Row {
  plan: string
  subject: string
  put_at: string
}

const iso = (ms: number) => new Date(ms).toISOString()
const select = 'select plan, subject, put_at from analysis.maintenance_plan'

export function planStore(database: Database): PlanStore {
  return {
    put: (plan, act) =>
      database.transaction(async (tx) => {
        await tx.query(
          `insert into analysis.maintenance_plan (plan_id, plan, subject, put_at) values ($1, $2, $3, $4::timestamptz)
           on conflict (plan_id) do update set plan = excluded.plan, subject = excluded.subject, put_at = excluded.put_at`,
          [plan.planId, JSON.stringify(plan), act.subject, iso(act.atMs)],
        )
        await writeAudit(tx, { ...act, action: 'plan.put', object: `plan ${plan.planId}`, detail: plan })
      }),
    end: (planId, act) =>
      database.transaction(async (tx) => {
        const [ended] = await tx.query<{ plan: string }>(
          'delete from analysis.maintenance_plan where plan_id = $1 returning plan',
          [planId],
        )
        if (ended === undefined) return false
        const detail = JSON.parse(ended.plan) as unknown
        await writeAudit(tx, { ...act, action: 'plan.ended', object: `plan ${planId}`, detail })
        return true
      }),
    list: async () => (await database.query<Row>(`${select} order by plan_id`)).map(standing),
    find: async (planId) => {
      const [row] = await database.query<Row>(`${select} where plan_id = $1`, [planId])
      return row && standing(row)
    },
    edition: async () => {
      const [row] = await database.query<{ edition: string }>(
        `select concat_ws(' ', (select count(*) from analysis.maintenance_plan), (select max(put_at) from analysis.maintenance_plan),
           (select max(position) from analysis.maintenance_done)) as edition`,
      )
      return row?.edition ?? ''
    },
    recordDone: (planId, vehicleId, { atMs, km, engineHours, note }, act) =>
      database.transaction(async (tx) => {
        const recorded = await tx.query(
          `insert into analysis.maintenance_done (plan_id, vehicle_id, at, known_at, odometer_km, engine_hours, note)
           values ($1, $2, $3::timestamptz, $4::timestamptz, $5, $6, $7)
           on conflict (plan_id, vehicle_id, at) do nothing returning position`,
          [planId, vehicleId, iso(atMs), iso(act.atMs), km ?? null, engineHours ?? null, note],
        )
        if (recorded.length === 0) return
        const detail = { vehicleId, at: iso(atMs), km, engineHours }
        await writeAudit(tx, { ...act, action: 'plan.done', object: `plan ${planId}`, detail })
      }),
    subjects: (search) => maintenanceSubjects(database, search),
  }
}

const standing = ({ plan, subject, put_at }: Row): StandingPlan => ({
  plan: JSON.parse(plan) as Plan,
  subject,
  putAtMs: Date.parse(put_at),
})
