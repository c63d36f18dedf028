import type { Level, Range } from '../../domain/history/level.ts'
import type { Segment } from '../../domain/history/readings.ts'

/** How far a partition's stream is written. */
export interface Position {
  sequence: number
  /** Whose frame has that sequence; '' when there is none. */
  vehicleId: string
}

export interface Lease {
  partition: number
  epoch: number
}

export interface VehicleHour {
  vehicleId: string
  /** Hours since 1970, device time. */
  hour: number
}

/** What a question is answered from: pieces that never overlap. */
export type Piece = { kind: 'readings' | 'rollup'; content: Uint8Array }

export interface HistoryStore {
  /** Retryable STALE_EPOCH when a later epoch has claimed the partition. */
  claim(lease: Lease): Promise<void>
  position(partition: number): Promise<Position>
  /** Numbers of signals by path; those that are new get one. */
  signals(paths: readonly string[]): Promise<Map<string, number>>
  /** Paths by their number. */
  paths(): Promise<Map<number, string>>
  /**
   * Writes the segments and moves the partition on, both or neither. Cancelled FENCED when another has claimed the partition,
   * Retryable HISTORY_MOVED when it does not stand at `from`.
   */
  append(lease: Lease, move: { from: Position; to: Position }, segments: readonly Segment[]): Promise<void>
  /** Hours with loose readings that ended before that hour began, the oldest first. */
  looseHours(partition: number, beforeHour: number, limit: number): Promise<VehicleHour[]>
  /** Merges its readings and makes its rollups, both or neither. Cancelled FENCED, Retryable HISTORY_MOVED. */
  merge(lease: Lease, hour: VehicleHour): Promise<void>
  /** Everything of a vehicle in the range, in the level but for hours with loose readings; in steps of bounded size. */
  read(vehicleId: string, level: Level, range: Range): AsyncIterable<Piece>
  /** Deletes what ended before these times, a bounded number of rows at a time. */
  sweep(before: Record<Level, number>): Promise<void>
}
