import type { telemetry, vehicle } from '@pitcrew/contracts'

/** What was refused, for people to look at. */
export interface QuarantineStore {
  keep(entries: readonly { id: string; message: telemetry.Quarantined }[]): Promise<void>
  /** Newest first; an empty vehicle id means all. */
  list(vehicleId: string, limit: number): Promise<telemetry.Quarantined[]>
  dropBefore(timeMs: number): Promise<void>
}

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

export interface FeedPage {
  frames: telemetry.RawFrame[]
  nextCursor: string
  more: boolean
}

/** One telematics API. Failures are Retryable, or Terminal FEED_CURSOR_GONE when it no longer knows the cursor. */
export interface Feed {
  /** Without credentials. */
  name: string
  page(cursor: string, signal: AbortSignal): Promise<FeedPage>
}
