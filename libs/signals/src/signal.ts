import type { Unit } from './units.ts'

/** One signal of the catalogue. */
export interface Signal {
  /** COVESA VSS 6.0 path; OBD-only signals live under `Vehicle.OBD`, which VSS 6 carries as an overlay. */
  path: string
  /** The unit in which Pitcrew carries and stores it. */
  unit: Unit
  /** A value outside [min, max] is no measurement: a sensor fault, a wrong unit or a decoding error. */
  min: number
  max: number
  /** The fastest change that is physically possible, in `unit` per second. Absent where jumps are normal. */
  maxRatePerSecond?: number
  description: string
}
