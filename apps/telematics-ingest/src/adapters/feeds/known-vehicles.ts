import type { Database } from '@pitcrew/database'
import type { ProviderVehicle, ValueFrames } from './value-frames.ts'

const byVin = 'select vehicle_id, vin from ingest.vehicle where vin = any($1::text[])'

/** Gives providers' vehicles their ids on this platform. */
export interface KnownVehicles {
  /** A vehicle that is registered here with the same VIN goes by that registration; any other by its own id. */
  name(values: ValueFrames): Promise<ReturnType<ValueFrames['frames']>>
}

export function knownVehicles(database: Database): KnownVehicles {
  return {
    async name(values) {
      const vins = values.vehicles().flatMap(({ vin }) => (vin === '' ? [] : [vin]))
      const rows = vins.length === 0 ? [] : await database.query<{ vehicle_id: string; vin: string }>(byVin, [vins])
      const idOf = new Map(rows.map((row) => [row.vin, row.vehicle_id]))
      return values.frames(({ id, vin }: ProviderVehicle) => idOf.get(vin) ?? id)
    },
  }
}

/** ISO 3779; ISO 10261 gives machines numbers of the same form. */
export const isVin = (text: string) => /^[A-HJ-NPR-Z0-9]{17}$/.test(text)

/** Of what a provider says of a vehicle, something that a vehicle id may be. Equal parts give equal ids. */
export const idFrom = (...parts: string[]) =>
  parts
    .join('-')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, 64)
