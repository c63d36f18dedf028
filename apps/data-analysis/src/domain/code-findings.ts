/** Fault codes as findings: the ECU has already concluded, so a code alone can carry an alert. */
import { faultCode, isFaultCode, type FaultSeverity, type VehicleSystem } from '@pitcrew/signals'
import type { Finding } from './finding.ts'
import { hours, type HoursInterval } from './interval.ts'
import { mostCodes } from './vehicle-state.ts'

const days = 24

const bySeverity: Record<FaultSeverity, { strength: number; timeToFailure: HoursInterval }> = {
  CRITICAL: { strength: 0.95, timeToFailure: hours(0.2, 6, 48) },
  HIGH: { strength: 0.85, timeToFailure: hours(1.5 * days, 6 * days, 20 * days) },
  MEDIUM: { strength: 0.7, timeToFailure: hours(8 * days, 30 * days, 120 * days) },
  LOW: { strength: 0.6, timeToFailure: hours(31 * days, 120 * days, 400 * days) },
}

/** Remembers which codes are active. `reported` is the complete list of now. */
export function trackCodes(codes: Record<string, number>, reported: readonly string[], timeMs: number): void {
  for (const code in codes) if (!reported.includes(code)) delete codes[code]
  for (const code of reported)
    if (isFaultCode(code) && codes[code] === undefined && Object.keys(codes).length < mostCodes) codes[code] = timeMs
}

/** By the table, or by the range; undefined where neither tells. */
export const systemOfCode = (code: string): VehicleSystem | undefined => faultCode(code)?.system ?? systemOfRange(code)

/** From a confirmed code of that severity to the failure. */
export const severityTimes = (severity: FaultSeverity): HoursInterval => bySeverity[severity].timeToFailure

/** The system that SAE J2012 gives a range of codes to; undefined where the range does not tell. */
function systemOfRange(code: string): VehicleSystem | undefined {
  if (code.startsWith('C')) return 'BRAKES'
  if (/^P0[12]/.test(code)) return 'FUEL_AIR'
  if (code.startsWith('P03')) return 'IGNITION'
  if (code.startsWith('P04')) return 'EMISSIONS'
  return /^P0[789]/.test(code) ? 'TRANSMISSION' : undefined
}

export function codeFindings(code: string, sinceMs: number): Finding[] {
  const entry = faultCode(code)
  const system = systemOfCode(code)
  if (system === undefined) return []
  const { strength, timeToFailure } = bySeverity[entry?.severity ?? 'LOW']
  return [
    {
      system,
      detector: 'fault-code',
      feature: code,
      signal: '',
      dtc: code,
      value: 1,
      expected: 0,
      // A code that the table does not know supports other evidence; by itself it is for the workshop's next visit.
      strength: entry ? strength : 0.4,
      sinceMs,
      timeToFailure,
      explanation: entry ? `${code}: ${entry.meaning}` : `${code}: not in the table, of the range of ${system}`,
    },
  ]
}
