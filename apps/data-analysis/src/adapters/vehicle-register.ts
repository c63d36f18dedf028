import { vehicle } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { VehicleRegister } from '../handlers/ports.ts'

export function vehicleRegister(database: Database): VehicleRegister {
  return {
    async save(subject, toldAt) {
      await database.query(
        `insert into analysis.vehicle as v (vehicle_id, model, content, told_at) values ($1, $2, $3, $4::timestamptz)
         on conflict (vehicle_id) do update
           set model = excluded.model, content = excluded.content, told_at = excluded.told_at
         where v.told_at < excluded.told_at`,
        [subject.vehicleId, subject.model, JSON.stringify(vehicle.Vehicle.toJSON(subject)), toldAt],
      )
    },
    async find(vehicleId) {
      const [row] = await database.query<{ content: string }>(
        'select content from analysis.vehicle where vehicle_id = $1',
        [vehicleId],
      )
      return row && vehicle.Vehicle.fromJSON(JSON.parse(row.content))
    },
    async registered(vehicleIds) {
      const rows = await database.query<{ content: string }>(
        'select content from analysis.vehicle where vehicle_id = any($1::text[])',
        [vehicleIds],
      )
      return rows.map(({ content }) => vehicle.Vehicle.fromJSON(JSON.parse(content)))
    },
  }
}
