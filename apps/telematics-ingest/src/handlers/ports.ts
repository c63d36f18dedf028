import type { vehicle } from '@pitcrew/contracts'

export interface VehicleRegistry {
  /** Stores the vehicle and, in the same transaction, the event to publish if anything changed. */
  register(vehicle: vehicle.Vehicle): Promise<{ changed: boolean }>
  list(limit: number): Promise<vehicle.Vehicle[]>
}

/** Where the reading of each telematics API stands. */
export interface FeedCursors {
  /** '' for one that was never read. */
  load(feed: string): Promise<string>
  /** Moves on from `previous`; false when somebody else has moved it meanwhile. */
  advance(feed: string, previous: string, next: string): Promise<boolean>
}
