/** Fusion: all findings about one system become one judgement of it. */
import { vehicleSystems, type VehicleSystem } from '@pitcrew/signals'
import type { Finding } from './finding.ts'
import { hazardOf, mostSure, timeToFailureOf, type FailurePath, type HazardPoint } from './hazard.ts'
import type { HoursInterval } from './interval.ts'
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
  const credibleOnes = evidence.filter(({ strength }) => strength >= credible)
  const timeToFailure = timeToFailureOf(pathsOf(credibleOnes.length > 0 ? credibleOnes : evidence))
  return {
    system,
    probability: combine(evidence),
    timeToFailure,
    hazard: hazardOf(pathsOf(evidence)),
    urgency: urgencyOf(timeToFailure),
    evidence,
  }
}

/** Noisy-or over the features; `evidence` is sorted by strength. */
function combine(evidence: readonly Finding[]): number {
  let healthy = 1
  for (const { probability } of pathsOf(evidence)) healthy *= 1 - probability
  return Math.min(1 - healthy, mostSure)
}

/** Every finding as a way in which the system may be failing; `evidence` is sorted by strength. */
function pathsOf(evidence: readonly Finding[]): FailurePath[] {
  const seen = new Set<string>()
  return evidence.map(({ feature, strength, timeToFailure }) => {
    const probability = Math.min(strength * (seen.has(feature) ? sameMonitor : 1), mostSure)
    seen.add(feature)
    return { probability, timeToFailure }
  })
}
