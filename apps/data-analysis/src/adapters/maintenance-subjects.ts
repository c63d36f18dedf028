/** Vehicles with everything on record about their services. */
import { vehicle } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { Usage } from '../domain/planned-maintenance/index.ts'
import type { AlertStatus } from '../handlers/alerting/ports.ts'
import type { DoneEntry, Subject, SubjectSearch, Told, Visit } from '../handlers/planned-maintenance/ports.ts'

interface VehicleRow {
  vehicle_id: string
  model: string | null
  content: string | null
  told_at: string | null
  usage: string | null
  read_at: string | null
  changed_at: string | null
}

export async function maintenanceSubjects(
  database: Database,
  { vehicleIds, vehicleModels }: SubjectSearch,
): Promise<Subject[]> {
  const rows = await database.query<VehicleRow>(
    `select vehicle_id, v.model, v.content, v.told_at, u.usage, u.read_at, state.changed_at
     from analysis.vehicle v full join analysis.vehicle_usage u using (vehicle_id)
       left join analysis.vehicle_state state using (vehicle_id)
     where vehicle_id = any($1::text[]) or v.model = any($2::text[]) order by vehicle_id`,
    [[...vehicleIds], [...vehicleModels]],
  )
  if (rows.length === 0) return []
  const ids = rows.map(({ vehicle_id }) => vehicle_id)
  const [recorded, visits, told] = [
    await recordedOf(database, ids),
    await visitsOf(database, ids),
    await toldOf(database, ids),
  ]
  return rows.map((row) => ({
    vehicleId: row.vehicle_id,
    vehicleModel: row.model ?? '',
    sinceMs: sinceOf(row),
    usage: row.usage === null ? undefined : (JSON.parse(row.usage) as Usage),
    seenMs: row.changed_at === null ? undefined : Date.parse(row.changed_at),
    recorded: recorded.get(row.vehicle_id) ?? new Map(),
    visits: visits.get(row.vehicle_id) ?? [],
    told: told.get(row.vehicle_id) ?? [],
  }))
}

function sinceOf({ content, told_at, read_at, usage }: VehicleRow): number {
  const inService = content === null ? '' : vehicle.Vehicle.fromJSON(JSON.parse(content)).inServiceDate
  const registered = Date.parse(inService)
  if (Number.isFinite(registered)) return registered
  const { distance, engineHours } = (usage === null ? {} : JSON.parse(usage)) as Usage
  const seen = [distance?.firstMs, engineHours?.firstMs, Date.parse(told_at ?? ''), Date.parse(read_at ?? '')]
  return Math.min(...seen.filter((ms) => ms !== undefined && Number.isFinite(ms)).map(Number))
}

async function recordedOf(database: Database, ids: readonly string[]): Promise<Map<string, Map<string, DoneEntry>>> {
  const rows = await database.query<{
    plan_id: string
    vehicle_id: string
    at: string
    known_at: string
    odometer_km: number | null
    engine_hours: number | null
    note: string
  }>(
    `select distinct on (plan_id, vehicle_id) plan_id, vehicle_id, at, known_at, odometer_km, engine_hours, note
     from analysis.maintenance_done where vehicle_id = any($1::text[]) order by plan_id, vehicle_id, at desc`,
    [[...ids]],
  )
  const byVehicle = new Map<string, Map<string, DoneEntry>>()
  for (const { plan_id, vehicle_id, at, known_at, odometer_km, engine_hours, note } of rows) {
    const entry: DoneEntry = {
      source: 'recorded',
      atMs: Date.parse(at),
      knownAtMs: Date.parse(known_at),
      ...(odometer_km !== null && { km: odometer_km }),
      ...(engine_hours !== null && { engineHours: engine_hours }),
      note,
    }
    byVehicle.set(vehicle_id, (byVehicle.get(vehicle_id) ?? new Map<string, DoneEntry>()).set(plan_id, entry))
  }
  return byVehicle
}

async function visitsOf(database: Database, ids: readonly string[]): Promise<Map<string, Visit[]>> {
  const rows = await database.query<Omit<Visit, 'atMs'> & { vehicleId: string; at: string }>(
    `select repair.vehicle_id as "vehicleId", repair.at, repair.component, repair.odometer_km as "odometerKm",
       alert.features
     from analysis.repair join analysis.alert on alert.alert_id = repair.case_id
     where repair.vehicle_id = any($1::text[]) order by repair.at desc`,
    [[...ids]],
  )
  return grouped(rows.map(({ at, ...row }) => ({ ...row, atMs: Date.parse(at) })))
}

async function toldOf(database: Database, ids: readonly string[]): Promise<Map<string, Told[]>> {
  const rows = await database.query<{
    vehicleId: string
    alertId: string
    told_at: string
    status: AlertStatus
    outcome: string
    features: string[]
  }>(
    `select vehicle_id as "vehicleId", alert_id as "alertId", told_at, status, outcome, features from analysis.alert
     where vehicle_id = any($1::text[]) and array_to_string(features, ' ') like '%planned-%' order by told_at desc`,
    [[...ids]],
  )
  return grouped(
    rows.flatMap(({ features, told_at, ...row }) =>
      features.map((feature) => ({ ...row, feature, toldAtMs: Date.parse(told_at) })),
    ),
  )
}

function grouped<T extends { vehicleId: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ vehicleId }) => vehicleId)
}
