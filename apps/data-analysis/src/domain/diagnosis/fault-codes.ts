import { faultCode, type VehicleSystem } from '@pitcrew/signals'
import { ratioOf, supportsOf, type NodeResult } from './node-result.ts'

export interface FaultCodesInput {
  system: VehicleSystem
  /** Active codes; undefined when the vehicle does not report any, so that their absence means nothing. */
  codes: readonly string[] | undefined
}

/** C4: which failure modes the ECU's own conclusions speak for. */
export function faultCodes({ system, codes }: FaultCodesInput): NodeResult {
  const supports = supportsOf(system, (mode) => {
    let ratio = 1
    const reasons: string[] = []
    for (const [code, likelihood] of Object.entries(mode.codes)) {
      if (codes === undefined) continue
      const active = codes.includes(code)
      // A code is set late in the life of a fault, so its absence says little.
      ratio *= ratioOf(likelihood, active, active ? 1 : 0.25)
      if (active) reasons.push(`${code} (${faultCode(code)?.meaning ?? 'not in the table'})`)
    }
    return { ratio, reasons: codes === undefined || reasons.length > 0 ? reasons : noCode(mode.codes) }
  })
  const known = (codes ?? []).map((code) => `${code} ${faultCode(code)?.meaning ?? '(unknown)'}`)
  return {
    node: 'fault-codes',
    supports,
    summary: codes === undefined ? 'The vehicle reports no codes' : known.join(', ') || 'No code is active',
  }
}

const noCode = (expected: Record<string, unknown>) => {
  const names = Object.keys(expected)
  return names.length > 0 ? [`none of ${names.join(', ')} is set`] : []
}
