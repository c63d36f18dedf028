/** The artefact that training writes and serving reads: plain JSON. */
import type { UnitStatics } from './history.ts'

/**
 * What a split asks about; its value in `valueOf` (senses.ts). `code`: hours since the code was last seen. `part`: days since the
 * component was last replaced. `due`: hours to the next visit at the fleet's usual distance between visits. `clock`: hour of the day, UTC.
 */
export type Sense =
  { of: 'code'; code: string } | { of: 'part' | 'due' | 'clock' | 'age' } | { of: 'model'; model: string }

export interface RiskLeaf {
  kind: 'leaf'
  /** Moments with a code in the training fleet that ended here, and those after which the component failed within the horizon. */
  cases: number
  failed: number
  /** Of the failed ones: hours from code to failure, ascending quantiles at equal steps from least to greatest; at most 11. */
  leadHours: number[]
}

export interface RiskSplit {
  kind: 'split'
  on: Sense
  /** Inside is from <= value < below; null stands for no bound. */
  from: number | null
  below: number | null
  inside: RiskNode
  outside: RiskNode
}

export type RiskNode = RiskLeaf | RiskSplit

/** Weibull with cumulative hazard factor * (days / scaleDays) ^ shape; `factors` by vehicle model. */
export interface PartLife {
  shape: number
  scaleDays: number
  factors: Record<string, number>
  failures: number
  /** Lives that ended in a planned replacement or with the record: right-censored. */
  censored: number
  /** Per day, for a part whose replacement date is unknown. */
  meanRate: number
}

export interface ComponentRisk {
  component: string
  /** Share of moments with a code after which it failed within the horizon. */
  baseRate: number
  tree: RiskNode
  life: PartLife
  /** Share of a failure's last horizon during which no code has told of it yet. */
  unannounced: number
}

export interface RiskModel {
  kind: 'risk'
  version: 1
  horizonHours: number
  /** A finding is an alarm from this probability on. */
  alarmAt: number
  /** A code or sign older than this is forgotten. */
  forgetHours: number
  codes: string[]
  /** The fleet's usual distance between visits; null when it has none. */
  visitEveryHours: number | null
  components: ComponentRisk[]
  trainedOn: { units: number; moments: number; failures: number; fromMs: number; toMs: number }
}

/** What led to a probability, for a mechanic. */
export type RiskReason =
  | { kind: 'code'; code: string; hoursAgo: number; withinHours: number }
  | { kind: 'no-code'; code: string; withinHours: number }
  | { kind: 'part'; daysSinceReplaced: number | null }
  | { kind: 'due'; hours: number | null }
  | { kind: 'clock'; hour: number }
  | { kind: 'model'; model: string; is: boolean }
  | { kind: 'age'; years: number }

/** The strongest open evidence of a component's failure, and when it was seen. */
export interface RiskSign {
  atMs: number
  probability: number
  cases: number
  failed: number
  leadHours: number[]
  reasons: RiskReason[]
}

/** Of one unit: plain JSON, bounded by the model's codes and components whatever the unit sends. */
export interface RiskState {
  statics: UnitStatics
  /** Visits before it tell the age of parts, but not the rhythm of visits to come; null when the unit was always watched. */
  watchedFromMs: number | null
  atMs: number | null
  codes: Record<string, number>
  replaced: Record<string, number>
  visitMs: number | null
  signs: Record<string, RiskSign>
}

export interface RiskFinding {
  component: string
  atMs: number
  /** Of a failure within `horizonHours` after `atMs`, 0 to 1. */
  probability: number
  horizonHours: number
  alarm: boolean
  /** Median, and the interval that holds 90 of 100; capped at ten years. */
  timeToFailureHours: { median: number; low: number; high: number }
  /** Absent when no code stands behind it, only the age of the part. */
  sign?: RiskSign
  text: string
}
