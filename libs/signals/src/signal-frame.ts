/** Readings of one vehicle at one moment, normalised: VSS path -> value in the catalogue's unit. */
export interface SignalFrame {
  /** Device time, Unix milliseconds. */
  timeMs: number
  values: Record<string, number>
  /** SAE J2012 codes that are active. Absent when the frame says nothing about codes; empty when none is active. */
  dtcs?: string[]
}
