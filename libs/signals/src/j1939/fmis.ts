/** Failure mode identifiers of SAE J1939-73, appendix A, in words of our own. */
import type { FaultSeverity } from '../fault-code.ts'

/** What kind of thing is wrong: with what is measured, with its circuit, with the part itself, or with its message. */
export type FailureKind = 'HIGH' | 'LOW' | 'CIRCUIT' | 'PART' | 'DATA'

export interface Fmi {
  fmi: number
  meaning: string
  kind: FailureKind
  severity: FaultSeverity
  /** The gravest stage of a value that is out of its range: the standard has three. */
  worst?: true
}

type Row = readonly [fmi: number, meaning: string, kind: FailureKind, severity: FaultSeverity, worst?: true]

const rows: readonly Row[] = [
  [0, 'far above the normal range', 'HIGH', 'HIGH', true],
  [1, 'far below the normal range', 'LOW', 'HIGH', true],
  [2, 'erratic, intermittent or wrong', 'DATA', 'MEDIUM'],
  [3, 'voltage above normal, or shorted high', 'CIRCUIT', 'MEDIUM'],
  [4, 'voltage below normal, or shorted low', 'CIRCUIT', 'MEDIUM'],
  [5, 'current below normal, or open circuit', 'CIRCUIT', 'MEDIUM'],
  [6, 'current above normal, or grounded circuit', 'CIRCUIT', 'MEDIUM'],
  [7, 'mechanical part does not respond, or is out of adjustment', 'PART', 'HIGH'],
  [8, 'abnormal frequency or pulse width', 'CIRCUIT', 'MEDIUM'],
  [9, 'updates come too seldom', 'DATA', 'MEDIUM'],
  [10, 'changes faster than it can', 'DATA', 'MEDIUM'],
  [11, 'cause unknown', 'PART', 'MEDIUM'],
  [12, 'bad device or component', 'PART', 'HIGH'],
  [13, 'out of calibration', 'PART', 'MEDIUM'],
  [14, 'special instructions of the maker apply', 'PART', 'MEDIUM'],
  [15, 'slightly above the normal range', 'HIGH', 'LOW'],
  [16, 'moderately above the normal range', 'HIGH', 'MEDIUM'],
  [17, 'slightly below the normal range', 'LOW', 'LOW'],
  [18, 'moderately below the normal range', 'LOW', 'MEDIUM'],
  [19, 'the network delivers it with an error', 'DATA', 'MEDIUM'],
  [20, 'drifted high', 'DATA', 'MEDIUM'],
  [21, 'drifted low', 'DATA', 'MEDIUM'],
  [31, 'the condition exists', 'PART', 'MEDIUM'],
]

export const fmis: readonly Fmi[] = rows.map(([fmi, meaning, kind, severity, worst]) => ({
  ...{ fmi, meaning, kind, severity },
  ...(worst && { worst }),
}))

const byFmi = new Map(fmis.map((entry) => [entry.fmi, entry]))

/** Undefined for 22 to 30, which the standard reserves. */
export const fmiOf = (fmi: number): Fmi | undefined => byFmi.get(fmi)
