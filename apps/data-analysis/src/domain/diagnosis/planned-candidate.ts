/** A service that is due, as what the case may be about. */
import type { VehicleSystem } from '@pitcrew/signals'
import type { Finding } from '../finding.ts'
import type { Plan } from '../planned-maintenance/plan.ts'
import type { Skill } from './failure-mode.ts'
import { modesOf } from './knowledge.ts'
import type { Candidate } from './node-result.ts'

export const plannedMode = 'planned-maintenance'

/** That it is nothing but the service when nothing else speaks. */
const mostSure = 0.95

/** One candidate for all that is due at the system: they are done in one visit. Undefined for none. */
export function plannedCandidate(
  system: VehicleSystem,
  findings: readonly Pick<Finding, 'detector' | 'strength' | 'explanation'>[],
  plans: readonly Plan[],
): Candidate | undefined {
  if (plans.length === 0) return undefined
  let nothingElse = mostSure
  for (const { detector, strength } of findings) if (detector !== 'planned-maintenance') nothingElse *= 1 - strength
  const due = findings.filter(({ detector }) => detector === 'planned-maintenance')
  return {
    failureMode: plannedMode,
    component: plans.map(({ what }) => what).join(' and '),
    probability: Math.max(nothingElse, 0.01),
    parts: [...new Set(plans.flatMap(({ parts }) => parts))],
    labourHours: plans.reduce((sum, { labourHours }) => sum + labourHours, 0),
    skill: skillOf(system),
    because: due.map(({ explanation }) => explanation).join('; ') || 'it is due',
  }
}

/** Of those who work on the system most. */
function skillOf(system: VehicleSystem): Skill {
  const [most] = modesOf(system).toSorted((a, b) => b.prior - a.prior)
  return most?.skill ?? 'diagnostics'
}
