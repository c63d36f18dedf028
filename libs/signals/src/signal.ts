import type { Unit } from './units.ts'

/** One signal of the catalogue. */
export interface Signal {
  /** COVESA VSS 6.0 path; OBD-only signals live under `Vehicle.OBD`, others that VSS lacks under `Vehicle.Overlay`. */
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

/** The row form in which the catalogue is written. */
export const row = (
  path: string,
  unit: Unit,
  [min, max]: readonly [min: number, max: number],
  description: string,
  maxRatePerSecond?: number,
): Signal => ({
  ...{ path, unit, min, max },
  ...(maxRatePerSecond !== undefined && { maxRatePerSecond }),
  description,
})
