import type { telemetry } from '@pitcrew/contracts'
import type { AcceptedPart, QuarantineToPublish } from '../../domain/quarantine/quarantined.ts'
import type { Retry } from '../../domain/quarantine/retry.ts'

export interface QuarantineFilter {
  /** '' lets all through. */
  vehicleId: string
  /** At least one of these; none lets all through. */
  codes: readonly string[]
  sinceMs: number
}

export interface QuarantineEntry {
  id: string
  vehicleId: string
  frame: telemetry.RawFrame
  refusals: telemetry.Refusal[]
  accepted: AcceptedPart
  cut: boolean
  firstSeenMs: number
  lastSeenMs: number
  count: number
  /** A replay of it began then, and it is not known how that ended. */
  replayingSinceMs?: number
}

/** What was refused, for people to look at and to try again. */
export interface QuarantineStore {
  /** The same again is counted. */
  keep(entries: readonly QuarantineToPublish[]): Promise<void>
  /** Last seen first. */
  list(filter: QuarantineFilter, limit: number): Promise<QuarantineEntry[]>
  find(ids: readonly string[]): Promise<QuarantineEntry[]>
  /** First seen first. */
  oldest(filter: QuarantineFilter, limit: number): Promise<QuarantineEntry[]>
  /** Before anything of them is published. */
  beginReplay(ids: readonly string[], timeMs: number): Promise<void>
  /** Those without a rest leave. */
  endReplay(outcomes: readonly { id: string; rest?: Retry['rest'] }[]): Promise<void>
  /** How many were there. */
  discard(ids: readonly string[]): Promise<number>
  discardAll(filter: QuarantineFilter): Promise<number>
  /** Last seen before that time, and the oldest of more than `most`. */
  sweep(beforeMs: number, most: number): Promise<void>
}
