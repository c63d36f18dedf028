import type { FaultCode, FaultSeverity } from '../fault-code.ts'
import type { VehicleSystem } from '../vehicle-system.ts'
import { driverActionOf } from './driver-action.ts'

/** Likely causes are separated by commas, the most likely first. Without an action the usual one of the severity holds. */
export type CodeRow = readonly [
  code: string,
  severity: FaultSeverity,
  meaning: string,
  likelyCauses: string,
  driverAction?: string,
]

export const codesOf = (system: VehicleSystem, rows: readonly CodeRow[]): FaultCode[] =>
  rows.map(([code, severity, meaning, likelyCauses, driverAction]) => ({
    ...{ code, system, meaning, severity },
    likelyCauses: likelyCauses.split(', '),
    driverAction: driverAction ?? driverActionOf(severity),
  }))

/** The same row for a run of codes that count in hex: `build` gets the code and its place in the run, from 1. */
export const run = (first: string, count: number, build: (code: string, place: number) => CodeRow): CodeRow[] =>
  Array.from({ length: count }, (_, index) => {
    const digits = (Number.parseInt(first.slice(1), 16) + index).toString(16).toUpperCase().padStart(4, '0')
    return build(`${first[0]}${digits}`, index + 1)
  })

export const gently = 'Drive gently and have it looked at within days.'
