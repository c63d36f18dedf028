/** The SAE J2012 fault codes that matter to Pitcrew: what they say, how bad it is and what the driver should do. */
import { chargingCodes } from './fault-codes/charging.ts'
import { chassisCodes } from './fault-codes/chassis.ts'
import { coolingCodes } from './fault-codes/cooling.ts'
import { engineCodes } from './fault-codes/engine.ts'
import type { VehicleSystem } from './vehicle-system.ts'

/** CRITICAL: stop now. HIGH: workshop within days. MEDIUM: within weeks. LOW: at the next service. */
export type FaultSeverity = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW'

export interface FaultCode {
  code: string
  system: VehicleSystem
  meaning: string
  severity: FaultSeverity
  /** Most likely first. */
  likelyCauses: string[]
  driverAction: string
}

export const faultCodes: readonly FaultCode[] = [...coolingCodes, ...chargingCodes, ...engineCodes, ...chassisCodes]

const byCode = new Map(faultCodes.map((entry) => [entry.code, entry]))

/** The table's entry, or undefined for a code that it does not hold. */
export function faultCode(code: string): FaultCode | undefined {
  return byCode.get(code)
}

/** Whether the text has the form of a J2012 code: P, C, B or U, a digit 0-3 and three hex digits ("P0217"). */
export function isFaultCode(text: string): boolean {
  return /^[PCBU][0-3][0-9A-F]{3}$/.test(text)
}
