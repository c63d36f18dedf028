import type { RawFault } from './raw-fault.ts'

/** Readings of one vehicle at one moment, normalised: VSS path -> value in the catalogue's unit. */
export interface SignalFrame {
  /** Device time, Unix milliseconds. */
  timeMs: number
  values: Record<string, number>
  /** Codes that are active, SAE J2012 or "SPN110-FMI0". Absent when the frame says nothing about codes; empty when none is. */
  dtcs?: string[]
  /** What is known of those codes, and the pending ones. Meaningful only with `dtcs`. */
  faults?: RawFault[]
}
