import type { VehicleSystem } from '@pitcrew/signals'

export type Skill = 'engine' | 'electrical' | 'brakes' | 'diagnostics'

/** Probability of seeing the evidence when this mode is present, and when another mode of the system is. */
export type Likelihood = [present: number, otherwise: number]

/** One way in which a system fails: what it looks like and what mending it takes. */
export interface FailureMode {
  name: string
  system: VehicleSystem
  component: string
  /** Share of this mode among the failures of its system, before any evidence. */
  prior: number
  /** By monitor name, without a wheel suffix. */
  features: Record<string, Likelihood>
  codes: Record<string, Likelihood>
  parts: string[]
  labourHours: number
  skill: Skill
  /** The check that confirms or excludes it. */
  test: string
}
