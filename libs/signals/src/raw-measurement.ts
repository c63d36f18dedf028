import type { RawFault } from './raw-fault.ts'
import type { Unit } from './units.ts'

/** A value as a bus carries it, not yet checked against the catalogue. */
export interface Measured {
  path: string
  value: number
  unit: Unit
}

/** What could not be used, and why. */
export interface RawRefusal {
  /** What was refused: a signal's path, "obd 41 7E", "can 18FEEE00", "j1939 PGN 65226 from 0". */
  name: string
  code: string
  message: string
}

/** What a decoder made of one message. */
export interface Decoded {
  readings: Measured[]
  faults: RawFault[]
  refusals: RawRefusal[]
  /** Whether `faults` is the sender's whole list of confirmed codes (a service 03 response, a DM1). */
  hasDtcs: boolean
}
