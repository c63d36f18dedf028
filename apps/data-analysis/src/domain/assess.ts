/** Fusion: all findings about one system become one judgement of it. */
import { vehicleSystems, type VehicleSystem } from '@pitcrew/signals'
import type { Finding } from './finding.ts'
import { hazardOf, type HazardPoint } from './hazard.ts'
import { hours, type HoursInterval } from './interval.ts'
import { urgencyOf, type Urgency } from './urgency.ts'

export interface Assessment {
  system: VehicleSystem
  /** That the system is going to fail. */
  probability: number
  timeToFailure: HoursInterval
  hazard: HazardPoint[]
  urgency: Urgency
  /** Strongest first. */
  evidence: Finding[]
}

/** Detectors of one monitor see the same readings, so each further one counts only by this share. */
const sameMonitor = 0.6
/** Weaker findings take no part in the time to failure. */
const credible = 0.3

/** One assessment for each system that has findings. */
export function assess(findings: readonly Finding[]): Assessment[] {
  return vehicleSystems.flatMap((system) => {
    const evidence = findings.filter((finding) => finding.system === system)
    return evidence.length === 0 ? [] : [assessSystem(system, evidence)]
  })
}

function assessSystem(system: VehicleSystem, evidence: Finding[]): Assessment {
  evidence.sort((a, b) => b.strength - a.strength)
  const probability = combine(evidence)
  const timeToFailure = soonest(evidence)
  return {
    system,
    probability,
    timeToFailure,
    hazard: hazardOf(probability, timeToFailure),
    urgency: urgencyOf(timeToFailure),
    evidence,
  }
}

/** Noisy-or over the features; `evidence` is sorted by strength. */
function combine(evidence: readonly Finding[]): number {
  const seen = new Set<string>()
  let healthy = 1
  for (const { feature, strength } of evidence) {
    healthy *= 1 - strength * (seen.has(feature) ? sameMonitor : 1)
    seen.add(feature)
  }
  return Math.min(1 - healthy, 0.995)
}

/** The system fails when the first of its failures happens: each bound is the earliest that credible evidence gives. */
function soonest(evidence: readonly Finding[]): HoursInterval {
  const credibleOnes = evidence.filter(({ strength }) => strength >= credible)
  const all = (credibleOnes.length > 0 ? credibleOnes : evidence).map(({ timeToFailure }) => timeToFailure)
  const lower = Math.min(...all.map(({ lowerHours }) => lowerHours))
  const median = Math.min(...all.map(({ medianHours }) => medianHours))
  return hours(lower, median, Math.max(Math.min(...all.map(({ upperHours }) => upperHours)), median))
}
