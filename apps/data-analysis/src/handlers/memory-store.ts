/** The fake of StateStore for tests: one holder, kept as JSON so that nothing is shared with who reads it. */
import { Cancelled } from '@pitcrew/errors'
import type { Advance, AlertChange, Settlement, StateStore, WatchedVehicle } from './ports.ts'

export class MemoryStore implements StateStore {
  readonly vehicles = new Map<string, string>()
  readonly alerts: AlertChange[] = []
  pending: Settlement[] = []
  /** How often `advance` has been called, and what it throws next. */
  writes = 0
  failure: Error | undefined
  #epoch = 0

  async claim(_partition: number, epoch: number): Promise<void> {
    this.#epoch = epoch
  }

  async load(vehicleIds: readonly string[]): Promise<Map<string, WatchedVehicle>> {
    const known = vehicleIds.filter((vehicleId) => this.vehicles.has(vehicleId))
    return new Map(known.map((vehicleId) => [vehicleId, this.read(vehicleId)]))
  }

  async settlements(): Promise<Settlement[]> {
    return this.pending
  }

  async advance({ epoch, vehicles, alerts, settled }: Advance): Promise<void> {
    this.writes++
    if (this.failure) throw this.failure
    if (epoch !== this.#epoch) throw new Cancelled('FENCED', 'claimed by another')
    for (const watched of vehicles) this.vehicles.set(watched.state.vehicleId, JSON.stringify(watched))
    this.alerts.push(...alerts)
    this.pending = this.pending.filter(({ position }) => !settled.includes(position))
  }

  read(vehicleId: string): WatchedVehicle {
    return JSON.parse(this.vehicles.get(vehicleId)!) as WatchedVehicle
  }
}
