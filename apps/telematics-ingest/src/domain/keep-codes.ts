/**
 * The fault codes of a frame. Owns: which of them are active. Confirmed and permanent codes are, and stand in `dtcs`; pending
 * ones stand in `faults` alone. A device that does not tell a code's status means a confirmed one.
 */
import { telemetry } from '@pitcrew/contracts'
import { isFaultCode, type RawFault } from '@pitcrew/signals'
import { quote, refusal } from './refusal.ts'

export interface KeptCodes {
  dtcs: string[]
  faults: telemetry.FaultReport[]
}

const { FaultStatus, FaultLamp } = telemetry

const none: KeptCodes = { dtcs: [], faults: [] }

/** `heard`: what was decoded from the bus. The same code twice: what the device says itself counts. */
export function keepCodes(
  raw: telemetry.RawFrame,
  heard: readonly RawFault[],
  refusals: telemetry.Refusal[],
): KeptCodes {
  if (!raw.hasDtcs && heard.length === 0) return none
  const dtcs = new Set<string>()
  const faults = new Map<string, telemetry.FaultReport>()
  const keep = (report: telemetry.FaultReport) => {
    if (faults.has(report.code)) return
    faults.set(report.code, report)
    if (report.status !== FaultStatus.PENDING) dtcs.add(report.code)
  }
  if (raw.hasDtcs) {
    for (const report of raw.faults) {
      const code = codeOf(report.code, refusals)
      if (code !== undefined) keep({ ...report, code, occurrences: Math.min(report.occurrences >>> 0, 0xffff) })
    }
    for (const text of raw.dtcs) {
      const code = codeOf(text, refusals)
      if (code !== undefined) dtcs.add(code)
    }
  }
  for (const fault of heard) keep(reportOf(fault))
  return { dtcs: [...dtcs], faults: [...faults.values()] }
}

/** SAE J1939-73: 19 bits of SPN, 5 of FMI. */
const j1939 = /^SPN([1-9]\d{0,5})-FMI(\d{1,2})$/

function isCode(code: string): boolean {
  if (isFaultCode(code)) return true
  const [, spn, fmi] = j1939.exec(code) ?? []
  return spn !== undefined && Number(spn) < 2 ** 19 && Number(fmi) < 32
}

function codeOf(text: string, refusals: telemetry.Refusal[]): string | undefined {
  const code = text.trim().toUpperCase()
  if (isCode(code)) return code
  const message = `fault code is ${quote(text, 16)}: expected SAE J2012 such as "P0217", or SAE J1939 such as "SPN110-FMI0"`
  refusals.push(refusal('dtcs', 'BAD_DTC', message))
  return undefined
}

const lamps = { ...FaultLamp, NONE: FaultLamp.UNSPECIFIED }

const reportOf = ({ code, status, lamp, occurrences }: RawFault): telemetry.FaultReport => ({
  code,
  status: FaultStatus[status],
  lamp: lamps[lamp],
  occurrences,
})
