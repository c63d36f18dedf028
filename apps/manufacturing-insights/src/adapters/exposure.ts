import type { vehicle } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import type { Cell } from '../domain/root-cause.ts'
import { startOfService } from '../domain/time-in-service.ts'

function columns(subject: vehicle.Vehicle, observedFrom: string): unknown[] {
  return [
    subject.vehicleId,
    subject.model || 'unknown',
    subject.modelYear > 0 ? String(subject.modelYear) : '',
    subject.buildMonth,
    subject.plant,
    startOfService(subject) ?? null,
    observedFrom,
  ]
}

const insert = `insert into manufacturing.vehicle
  (vehicle_id, model, model_year, build_month, plant, start_of_service, observed_from)
  values ($1, $2, $3, $4, $5, $6::date, $7::timestamptz) on conflict (vehicle_id) do`

/** A registration corrects what was known; the vehicle stays observed from when it was first seen. */
export async function saveVehicle(sql: Sql, subject: vehicle.Vehicle, observedFrom: string): Promise<void> {
  await sql.query(
    `${insert} update set model = excluded.model, model_year = excluded.model_year, build_month = excluded.build_month,
       plant = excluded.plant, start_of_service = excluded.start_of_service,
       observed_from = least(manufacturing.vehicle.observed_from, excluded.observed_from)`,
    columns(subject, observedFrom),
  )
}

/** A vehicle that fails before its registration arrives still counts as exposed: failed vehicles are never more than vehicles. */
export async function ensureVehicle(sql: Sql, subject: vehicle.Vehicle, observedFrom: string): Promise<void> {
  await sql.query(`${insert} nothing`, columns(subject, observedFrom))
}

/** All vehicles by their factors; failed: with a confirmed failure of the kind, or of any kind when none is given. */
export async function cellsOf(sql: Sql, kind?: { component: string; failureMode: string }): Promise<Cell[]> {
  return sql.query<Cell>(
    `select v.model, v.model_year as "modelYear", v.build_month as "buildMonth", v.plant,
            count(*)::int as vehicles, count(f.vehicle_id)::int as failed
     from manufacturing.vehicle v
     left join (select distinct vehicle_id from manufacturing.failure
                where verdict = 'confirmed' and ($1::text is null or (component = $1 and failure_mode = $2))) f using (vehicle_id)
     group by 1, 2, 3, 4`,
    [kind?.component ?? null, kind?.failureMode ?? null],
  )
}
