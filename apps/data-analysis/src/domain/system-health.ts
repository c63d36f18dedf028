import type { VehicleSystem } from '@pitcrew/signals'
import { assess, type Assessment } from './assess.ts'
import { currentFindings } from './current-findings.ts'
import { monitors } from './monitors/index.ts'
import type { VehicleState } from './vehicle-state.ts'

export interface SystemHealth {
  system: VehicleSystem
  /** Undefined when nothing speaks against a system that is watched. */
  assessment: Assessment | undefined
}

/** Every system that the vehicle lets us watch, or that something speaks against. */
export function systemHealth(state: VehicleState): SystemHealth[] {
  const assessments = new Map(assess(currentFindings(state)).map((entry) => [entry.system, entry]))
  const watched = monitors.filter(({ name }) => state.monitors[name]).map(({ system }) => system)
  return [...new Set([...assessments.keys(), ...watched])].map((system) => ({
    system,
    assessment: assessments.get(system),
  }))
}

/** Probability of failure within 30 days of driving. */
export const hazardIn30Days = (assessment: Assessment | undefined): number =>
  assessment?.hazard.find(({ withinHours }) => withinHours === 30 * 24)?.probability ?? 0
