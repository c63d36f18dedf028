/**
 * Fault codes of SAE J2012 ("P0217") and SAE J1939 ("SPN110-FMI0"): what they say, how bad it is and what the driver should do.
 */
import { batteryCodes } from './fault-codes/battery.ts'
import { brakesCodes } from './fault-codes/brakes.ts'
import { chargingCodes } from './fault-codes/charging.ts'
import { coolingCodes } from './fault-codes/cooling.ts'
import { emissionsCodes } from './fault-codes/emissions.ts'
import { fuelAirCodes } from './fault-codes/fuel-air.ts'
import { ignitionCodes } from './fault-codes/ignition.ts'
import { lubricationCodes } from './fault-codes/lubrication.ts'
import { transmissionCodes } from './fault-codes/transmission.ts'
import { tyresCodes } from './fault-codes/tyres.ts'
import { j1939FaultCode, parseJ1939Code } from './j1939/fault-code.ts'
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

/** The J2012 table. J1939 codes are put together from SPN and FMI, see `faultCode`. */
export const faultCodes: readonly FaultCode[] = [
  ...coolingCodes,
  ...chargingCodes,
  ...batteryCodes,
  ...fuelAirCodes,
  ...ignitionCodes,
  ...emissionsCodes,
  ...lubricationCodes,
  ...transmissionCodes,
  ...brakesCodes,
  ...tyresCodes,
]

const byCode = new Map(faultCodes.map((entry) => [entry.code, entry]))

/** The entry of the J2012 table, or what SPN and FMI say together; undefined for a code that the tables do not hold. */
export function faultCode(code: string): FaultCode | undefined {
  return byCode.get(code) ?? (code.startsWith('SPN') ? j1939FaultCode(code) : undefined)
}

/**
 * Whether the text has the form of a code: SAE J2012, P, C, B or U, a digit 0-3 and three hex digits ("P0217"), or SAE J1939,
 * SPN and FMI without leading zeros ("SPN110-FMI0").
 */
export function isFaultCode(text: string): boolean {
  return /^[PCBU][0-3][0-9A-F]{3}$/.test(text) || (text.startsWith('SPN') && parseJ1939Code(text) !== undefined)
}
