/** J1979 service 07, 03 or 0A; DM1 holds confirmed ones. */
export type FaultStatus = 'PENDING' | 'CONFIRMED' | 'PERMANENT'

/** The most serious lamp that is lit (SAE J1939-73); NONE when none is lit or none is told. */
export type FaultLamp = 'NONE' | 'PROTECT' | 'AMBER_WARNING' | 'MALFUNCTION' | 'RED_STOP'

/** A fault code as its bus tells it. */
export interface RawFault {
  /** "P0217" or "SPN110-FMI0". */
  code: string
  status: FaultStatus
  lamp: FaultLamp
  /** 0 when unknown; J1939 counts to 126. */
  occurrences: number
}
