import { randomUUID } from 'node:crypto'
import { events, type vehicle } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import { Terminal, toFailure } from '@pitcrew/errors'
import { enqueue } from '@pitcrew/outbox'
import type { VehicleRegistry } from '../handlers/ports.ts'

interface VehicleRow {
  vehicle_id: string
  vin: string
  model: string
  model_year: number
  build_month: string
  plant: string
  in_service_date: string
}

const upsert = `
  insert into ingest.vehicle as v (vehicle_id, vin, model, model_year, build_month, plant, in_service_date)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (vehicle_id) do update set
    vin = excluded.vin, model = excluded.model, model_year = excluded.model_year, build_month = excluded.build_month,
    plant = excluded.plant, in_service_date = excluded.in_service_date, changed_at = now()
  where (v.vin, v.model, v.model_year, v.build_month, v.plant, v.in_service_date)
    is distinct from (excluded.vin, excluded.model, excluded.model_year, excluded.build_month, excluded.plant, excluded.in_service_date)
  returning vehicle_id`

export function vehicleRegistry(database: Database): VehicleRegistry {
  return {
    async register(given) {
      const { vehicleId, vin, model, modelYear, buildMonth, plant, inServiceDate } = given
      const values = [vehicleId, vin, model, modelYear, buildMonth, plant, inServiceDate]
      try {
        return await database.transaction(async (tx) => {
          const changed = await tx.query(upsert, values)
          if (changed.length === 0) return { changed: false }
          const event = { event: events.vehicleRegistered, key: vehicleId, id: randomUUID(), message: given }
          await enqueue(tx, 'ingest', event)
          return { changed: true }
        })
      } catch (thrown) {
        throw otherVehicleHasIt(thrown)
      }
    },
    async list(limit) {
      const rows = await database.query<VehicleRow>('select * from ingest.vehicle order by vehicle_id limit $1', [
        limit,
      ])
      return rows.map(vehicleOf)
    },
  }
}

function vehicleOf(row: VehicleRow): vehicle.Vehicle {
  return {
    vehicleId: row.vehicle_id,
    vin: row.vin,
    model: row.model,
    modelYear: row.model_year,
    buildMonth: row.build_month,
    plant: row.plant,
    inServiceDate: row.in_service_date,
  }
}

function otherVehicleHasIt(thrown: unknown): Error {
  const failure = toFailure(thrown)
  if (failure.code !== 'UNIQUE_VIOLATION') return failure
  return new Terminal(
    'ALREADY_EXISTS',
    'another vehicle is registered with this VIN: expected one vehicle id for each VIN',
    {
      hint: 'register the vehicle under the id it already has',
      cause: thrown,
    },
  )
}
