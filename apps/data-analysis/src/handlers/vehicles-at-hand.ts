/**
 * The states that one holder of a partition keeps in memory.
 * 1. Whatever is here equals what is stored, except between a batch's first frame and its end.
 * 2. After a batch that failed, every vehicle it touched is read again: half a batch is never built upon.
 */
import { createVehicleState } from '../domain/index.ts'
import type { StateStore, WatchedVehicle } from './ports.ts'

export class VehiclesAtHand {
  readonly #store: Pick<StateStore, 'load'>
  readonly #most: number
  /** Least recently used first. */
  readonly #vehicles = new Map<string, WatchedVehicle>()

  constructor(store: Pick<StateStore, 'load'>, most: number) {
    this.#store = store
    this.#most = most
  }

  /** All of them, from here or from the store; an unknown one begins anew. */
  async fetch(vehicleIds: Iterable<string>): Promise<Map<string, WatchedVehicle>> {
    const vehicles = new Map<string, WatchedVehicle>()
    const missing: string[] = []
    for (const vehicleId of vehicleIds) {
      const known = this.#vehicles.get(vehicleId)
      if (known === undefined) missing.push(vehicleId)
      else vehicles.set(vehicleId, known)
    }
    const stored = missing.length === 0 ? undefined : await this.#store.load(missing)
    for (const vehicleId of missing)
      vehicles.set(
        vehicleId,
        stored?.get(vehicleId) ?? { state: createVehicleState(vehicleId), sequence: 0, reportsCodes: false },
      )
    return vehicles
  }

  /** They are stored as they are. */
  keep(vehicles: ReadonlyMap<string, WatchedVehicle>): void {
    for (const [vehicleId, watched] of vehicles) {
      this.#vehicles.delete(vehicleId)
      this.#vehicles.set(vehicleId, watched)
    }
    for (const oldest of this.#vehicles.keys()) {
      if (this.#vehicles.size <= this.#most) return
      this.#vehicles.delete(oldest)
    }
  }

  forget(vehicleIds: Iterable<string>): void {
    for (const vehicleId of vehicleIds) this.#vehicles.delete(vehicleId)
  }
}
