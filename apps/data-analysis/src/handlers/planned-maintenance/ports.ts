import type { Done, Plan, Usage, UsageReading } from '../../domain/planned-maintenance/index.ts'
import type { AlertStatus } from '../alerting/ports.ts'
import type { Act } from '../audit-record.ts'

export interface StandingPlan {
  plan: Plan
  subject: string
  putAtMs: number
}

/** The alert that told of a plan. */
export interface Told {
  alertId: string
  feature: string
  toldAtMs: number
  status: AlertStatus
  outcome: string
}

export interface DoneEntry extends Done {
  /** When we learned of it, Unix milliseconds. */
  knownAtMs: number
}

export interface Visit {
  atMs: number
  component: string
  odometerKm: number
  /** Of the alert that opened its case. */
  features: readonly string[]
}

/** A vehicle as its plans see it. */
export interface Subject {
  vehicleId: string
  vehicleModel: string
  /** First registration, or when we first knew of it. */
  sinceMs: number
  usage: Usage | undefined
  /** When it last sent anything. */
  seenMs: number | undefined
  /** The last recorded time of each plan, by its id. */
  recorded: ReadonlyMap<string, DoneEntry>
  /** Completed ones, the latest first. */
  visits: readonly Visit[]
  /** The latest first. */
  told: readonly Told[]
}

export interface SubjectSearch {
  vehicleIds: readonly string[]
  vehicleModels: readonly string[]
}

export interface PlanStore {
  /** One with the same id is replaced. */
  put(plan: Plan, act: Act): Promise<void>
  /** False when there is none. */
  end(planId: string, act: Act): Promise<boolean>
  list(): Promise<StandingPlan[]>
  find(planId: string): Promise<StandingPlan | undefined>
  /** Grows with every plan that is put or ended, and everything that is recorded. */
  edition(): Promise<string>
  recordDone(planId: string, vehicleId: string, done: Omit<Done, 'source'>, act: Act): Promise<void>
  /** Vehicles that are registered, or have told how they are used: those named, and those of the models named. */
  subjects(search: SubjectSearch): Promise<Subject[]>
}

export interface UsageEntry {
  vehicleId: string
  usage: Usage | undefined
  reading: UsageReading
}

export interface UsageStore {
  /** Vehicles of these partitions whose state has changed, and whose usage was read before then. */
  unread(partitions: readonly number[], readBeforeMs: number, limit: number): Promise<UsageEntry[]>
  save(entries: readonly { vehicleId: string; usage: Usage }[], atMs: number): Promise<void>
}
