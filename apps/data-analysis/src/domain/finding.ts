import type { VehicleSystem } from '@pitcrew/signals'
import type { HoursInterval } from './interval.ts'

export type Detector =
  | 'code-progress'
  | 'peers'
  | 'limit'
  | 'level'
  | 'change'
  | 'trend'
  | 'fault-code'
  | 'life-model'
  | 'risk-model'
  | 'planned-maintenance'

/** What one detector says of one signal, or of one fault code, now. */
export interface Finding {
  system: VehicleSystem
  detector: Detector
  /** The monitor's name ("coolant-hot"), or the fault code. Diagnosis reasons over these. */
  feature: string
  /** VSS path; empty for a fault code. */
  signal: string
  /** SAE J2012 code; empty for a signal. */
  dtc: string
  /** In the signal's unit, or that of the monitor's measure. */
  value: number
  expected: number
  /** 0 (none) to 1 (certain) that this system is going to fail. */
  strength: number
  sinceMs: number
  timeToFailure: HoursInterval
  /** Of a trend: until the monitor's limit is reached, should it go on. */
  timeToLimit?: HoursInterval
  /** One sentence: what is seen, with value, unit and what was expected. */
  explanation: string
  /** What else would look the same, likeliest first. */
  alsoFits?: readonly string[]
}
