import type { Database } from '@pitcrew/database'
import type { Usage } from '../domain/planned-maintenance/index.ts'
import type { UsageStore } from '../handlers/planned-maintenance/ports.ts'

interface Row {
  vehicle_id: string
  usage: string | null
  metres: number | null
  metres_ms: number | null
  hours: number | null
  hours_ms: number | null
}

const distance = `'Vehicle.TraveledDistance'`
const engineHours = `'Vehicle.Powertrain.CombustionEngine.EngineHours'`
const iso = (ms: number) => new Date(ms).toISOString()

export function usageStore(database: Database): UsageStore {
  return {
    async unread(partitions, readBeforeMs, limit) {
      // The state is large and four numbers of it are wanted: the database takes them out.
      const rows = await database.query<Row>(
        `with changed as (
           select state.vehicle_id, usage.usage, state.state::jsonb -> 'signals' as signals
           from analysis.vehicle_state state left join analysis.vehicle_usage usage using (vehicle_id)
           where state.partition = any($1::int[])
             and (usage.read_at is null or (usage.read_at < $2::timestamptz and state.changed_at > usage.read_at))
           order by usage.read_at nulls first limit $3)
         select vehicle_id, usage,
           (signals -> ${distance} ->> 'last')::float8 as metres, (signals -> ${distance} ->> 'lastMs')::float8 as metres_ms,
           (signals -> ${engineHours} ->> 'last')::float8 as hours, (signals -> ${engineHours} ->> 'lastMs')::float8 as hours_ms
         from changed`,
        [[...partitions], iso(readBeforeMs), limit],
      )
      return rows.map(({ vehicle_id, usage, metres, metres_ms, hours, hours_ms }) => ({
        vehicleId: vehicle_id,
        usage: usage === null ? undefined : (JSON.parse(usage) as Usage),
        reading: {
          ...(metres !== null && metres_ms !== null && { km: { value: metres / 1_000, atMs: metres_ms } }),
          ...(hours !== null && hours_ms !== null && { engineHours: { value: hours, atMs: hours_ms } }),
        },
      }))
    },
    async save(entries, atMs) {
      await database.query(
        `insert into analysis.vehicle_usage (vehicle_id, usage, read_at)
         select id, usage, $3::timestamptz from unnest($1::text[], $2::text[]) as given (id, usage)
         on conflict (vehicle_id) do update set usage = excluded.usage, read_at = excluded.read_at`,
        [entries.map(({ vehicleId }) => vehicleId), entries.map(({ usage }) => JSON.stringify(usage)), iso(atMs)],
      )
    },
  }
}
