/** What the handlers need of storage. */
import type { analysis, vehicle } from '@pitcrew/contracts'
import type { VehicleSystem } from '@pitcrew/signals'
import type { HistoryEvent, PastFailure, Snapshot, VehicleState } from '../domain/index.ts'

/** A vehicle as one instance holds it, and one row. */
export interface WatchedVehicle {
  state: VehicleState
  /** Stream sequence of the last frame that the state holds; 0 for none. */
  sequence: number
  reportsCodes: boolean
}

/** A decision about an alert that is to be stored, and for the first two to be published. */
export type AlertChange =
  | {
      kind: 'raised' | 'escalated'
      alert: analysis.Alert
      snapshot: Snapshot
      /** W3C trace context headers of the frame that it follows from. */
      trace: Record<string, string>
    }
  | { kind: 'cleared' | 'reopened'; alertId: string; revision: number }

/** A case that has ended; `position` is its place in the queue. */
export interface Settlement {
  position: number
  vehicleId: string
  system: VehicleSystem
  alertId: string
  repaired: boolean
  /** What was replaced, and when, Unix milliseconds; null when nothing was. */
  component: string | null
  repairedAtMs: number | null
}

export interface Advance {
  partition: number
  epoch: number
  vehicles: readonly WatchedVehicle[]
  alerts: readonly AlertChange[]
  /** Positions of the settlements that the states hold now. */
  settled: readonly number[]
}

export interface StateStore {
  /** Fences every holder of an earlier epoch. Retryable STALE_EPOCH when a later one has been here. */
  claim(partition: number, epoch: number): Promise<void>
  /** Those that are known. */
  load(vehicleIds: readonly string[]): Promise<Map<string, WatchedVehicle>>
  settlements(partition: number): Promise<Settlement[]>
  /** All or nothing. Cancelled FENCED when another instance has claimed the partition. */
  advance(advance: Advance): Promise<void>
}

export interface PendingEvent {
  position: number
  event: 'alertRaised' | 'alertEscalated'
  key: string
  id: string
  content: unknown
  trace: Record<string, string>
}

export interface Outbox {
  /** In the order in which they were put in. */
  pending(partitions: readonly number[], limit: number): Promise<PendingEvent[]>
  done(positions: readonly number[]): Promise<void>
}

export interface VehicleRegister {
  /** `toldAt`: ISO 8601, when it was published; what was told earlier changes nothing. */
  save(subject: vehicle.Vehicle, toldAt: string): Promise<void>
  find(vehicleId: string): Promise<vehicle.Vehicle | undefined>
  /** Those of them that are known. */
  registered(vehicleIds: readonly string[]): Promise<vehicle.Vehicle[]>
}

export interface EndedCase {
  caseId: string
  outcome: string
}

export interface Repair {
  caseId: string
  failureMode: string
  component: string
  odometerKm: number
  /** ISO 8601. */
  at: string
}

export interface CaseLedger {
  /** False when no alert opened that case. */
  ended(ended: EndedCase): Promise<boolean>
  repaired(repair: Repair): Promise<boolean>
}

/** An alert as its diagnosis sees it. */
export interface AlertRecord {
  alert: analysis.Alert
  snapshot: Snapshot
}

/** `sinceMs`: Unix milliseconds; 0 for everything. */
export interface CaseFiles {
  alert(alertId: string): Promise<AlertRecord | undefined>
  /** As of the last write. */
  state(vehicleId: string): Promise<WatchedVehicle | undefined>
  /** Repairs and alerts of this vehicle, but for this alert. */
  history(vehicleId: string, exceptAlertId: string, sinceMs: number): Promise<HistoryEvent[]>
  /** Levels of vehicles of the same model that were seen since then, the latest first. */
  peers(vehicleId: string, sinceMs: number): Promise<{ vehicleId: string; levels: Record<string, number> }[]>
  /** Repaired failures of this system in any vehicle, the latest first. */
  pastFailures(system: VehicleSystem, sinceMs: number): Promise<PastFailure[]>
}

export interface AlertList {
  openAlerts(vehicleId: string): Promise<analysis.Alert[]>
}
