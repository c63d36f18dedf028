/** What the progress of fault codes says beyond that they are active. By itself it never carries an alert. */
import { faultCode, type FaultSeverity, type VehicleSystem } from '@pitcrew/signals'
import type { CodeProgress, Progresses } from './code-progress.ts'
import { severityTimes, systemOfCode } from './code-findings.ts'
import type { Finding } from './finding.ts'
import { hours, type HoursInterval } from './interval.ts'

/** Below what raises an alert, also for two of them together. */
const pendingStrength = 0.3
const worseningStrength = 0.35
const companyStrength = 0.25
const redLampStrength = 0.9
/** A pending code has not yet come twice: what a confirmed one leaves in time, it leaves so many times. */
const pendingPatience = 4
/** One that comes back or comes more often leaves this share. */
const worseningHaste = 0.5

const scaled = ({ lowerHours, medianHours, upperHours }: HoursInterval, factor: number): HoursInterval =>
  hours(lowerHours * factor, medianHours * factor, upperHours * factor)

export function progressFindings(progresses: Progresses): Finding[] {
  const found: Finding[] = []
  const company = new Map<VehicleSystem, string[]>()
  for (const code in progresses) {
    const progress = progresses[code]!
    const system = systemOfCode(code)
    if (system === undefined || !progress.active) continue
    company.set(system, [...(company.get(system) ?? []), code])
    const severity = faultCode(code)?.severity ?? 'LOW'
    if (progress.status === 'PENDING') found.push(pending(system, code, severity, progress))
    if (progress.lamp === 'RED_STOP') found.push(redLamp(system, code, progress))
    const story = storyOf(progress)
    if (story !== '') found.push(worsening(system, code, severity, progress, story))
  }
  for (const [system, codes] of company) if (codes.length > 1) found.push(inCompany(system, codes, progresses))
  return found
}

const meaningOf = (code: string): string => faultCode(code)?.meaning ?? 'not in the table'

const findingOf = (
  system: VehicleSystem,
  code: string,
  since: number,
): Omit<Finding, 'strength' | 'explanation' | 'timeToFailure'> => ({
  system,
  detector: 'code-progress',
  feature: code,
  signal: '',
  dtc: '',
  value: 1,
  expected: 0,
  sinceMs: since,
})

const pending = (system: VehicleSystem, code: string, severity: FaultSeverity, { firstMs }: CodeProgress): Finding => ({
  ...findingOf(system, code, firstMs),
  strength: pendingStrength,
  timeToFailure: scaled(severityTimes(severity), pendingPatience),
  explanation: `${code} is pending (seen in this or the last driving cycle, not confirmed): ${meaningOf(code)}`,
})

const redLamp = (system: VehicleSystem, code: string, { firstMs }: CodeProgress): Finding => ({
  ...findingOf(system, code, firstMs),
  strength: redLampStrength,
  timeToFailure: severityTimes('CRITICAL'),
  explanation: `${code} lights the red stop lamp: ${meaningOf(code)}`,
})

const worsening = (
  system: VehicleSystem,
  code: string,
  severity: FaultSeverity,
  { episodes, occurrences, firstMs }: CodeProgress,
  story: string,
): Finding => ({
  ...findingOf(system, code, firstMs),
  value: Math.max(episodes, occurrences),
  expected: 1,
  strength: worseningStrength,
  timeToFailure: scaled(severityTimes(severity), worseningHaste),
  explanation: `${code} ${story}: ${meaningOf(code)}`,
})

function storyOf({ episodes, rises, occurrences, status, firstMs, confirmedMs }: CodeProgress): string {
  const parts: string[] = []
  if (episodes > 1) parts.push(episodes === 2 ? 'came back' : `came back ${episodes - 1} times`)
  if (rises > 0) parts.push(`occurs more often, ${occurrences} times now`)
  if (status === 'PERMANENT') parts.push('is permanent: the control unit has not seen it gone')
  else if (confirmedMs > firstMs) parts.push('was pending and is confirmed now')
  return parts.join(', ')
}

function inCompany(system: VehicleSystem, codes: readonly string[], progresses: Progresses): Finding {
  const since = Math.max(...codes.map((code) => progresses[code]!.firstMs))
  const worst = codes.map((code) => severityTimes(faultCode(code)?.severity ?? 'LOW'))
  return {
    ...findingOf(system, 'several-codes', since),
    value: codes.length,
    expected: 1,
    strength: companyStrength,
    timeToFailure: worst.reduce((soonest, one) => (one.medianHours < soonest.medianHours ? one : soonest)),
    explanation: `${codes.length} codes speak of the same system: ${codes.join(', ')}`,
  }
}
