import type { vehicle } from '@pitcrew/contracts'
import { checkedVehicle } from '../domain/vehicle.ts'
import type { VehicleRegistry } from './ports.ts'

export interface RegisterVehicle {
  (given: vehicle.Vehicle | undefined): Promise<void>
}

/** Stored with its event in one transaction; `announce` then has the outbox emptied without waiting for its next round. */
export function registerVehicle(registry: VehicleRegistry, announce: () => void, now: () => number): RegisterVehicle {
  return async (given) => {
    const checked = checkedVehicle(given, new Date(now()).getUTCFullYear())
    const { changed } = await registry.register(checked)
    if (changed) announce()
  }
}
