import type { VehicleSystem } from '@pitcrew/signals'
import type { FailureMode, Likelihood, Skill } from './failure-mode.ts'
import { modesOf } from './knowledge.ts'

export type DiagnosisNode = 'signal-evidence' | 'fault-codes' | 'vehicle-history' | 'fleet-peers' | 'similar-failures'

/** How far one node's evidence speaks for a failure mode: 1 is no news, below 1 speaks against it. */
export interface Support {
  failureMode: string
  likelihoodRatio: number
  because: string
}

export interface NodeResult {
  node: DiagnosisNode
  supports: Support[]
  summary: string
  /** What only this case can be about, beside the failure modes of its system. */
  candidates?: Candidate[]
}

export interface Candidate {
  failureMode: string
  component: string
  /** That it is this and none of the failure modes. */
  probability: number
  parts: string[]
  labourHours: number
  skill: Skill
  because: string
}

/** No single observation may decide alone: tables of experience are never that exact. */
export const strongest = 25

export const boundedRatio = (ratio: number) => Math.min(Math.max(ratio, 1 / strongest), strongest)

/** The ratio when the evidence was looked for and is, or is not, there. `weight` 0 to 1 says how sure that is. */
export function ratioOf([present, otherwise]: Likelihood, seen: boolean, weight = 1): number {
  const ratio = seen ? present / otherwise : (1 - present) / (1 - otherwise)
  return boundedRatio(ratio) ** weight
}

/** One support per mode of the system that has news; `judge` gives the ratio and the reasons for one mode. */
export function supportsOf(
  system: VehicleSystem,
  judge: (mode: FailureMode) => { ratio: number; reasons: string[] },
): Support[] {
  return modesOf(system).flatMap((mode) => {
    const { ratio, reasons } = judge(mode)
    if (reasons.length === 0) return []
    return [{ failureMode: mode.name, likelihoodRatio: boundedRatio(ratio), because: reasons.join('; ') }]
  })
}
