import type { VehicleSystem } from '@pitcrew/signals'
import { describeHours } from '../monitor-findings.ts'
import type { HoursInterval } from '../interval.ts'
import { moreUrgent, urgencyOf, type Urgency } from '../urgency.ts'

export interface AssessUrgencyInput {
  system: VehicleSystem
  timeToFailure: HoursInterval
  /** The first hypothesis, when there is one. */
  failureMode?: string
}

export interface UrgencyAssessment {
  urgency: Urgency
  timeToFailure: HoursInterval
  /** A failure would endanger people: handled as URGENT whatever the time. */
  safetyRelevant: boolean
  explanation: string
}

const safetySystems: readonly VehicleSystem[] = ['BRAKES', 'TYRES']
/** Sensors that fail leave the function itself intact. */
const harmless = ['wheel-speed-sensor-failed', 'pressure-sensor-failed', 'oil-pressure-sensor-failed']

/** L3 with the diagnosis known: a failed sensor waits, a failing brake never counts as less than HIGH. */
export function assessUrgency({ system, timeToFailure, failureMode = '' }: AssessUrgencyInput): UrgencyAssessment {
  const sensorOnly = harmless.includes(failureMode)
  const safetyRelevant = safetySystems.includes(system) && !sensorOnly
  const byTime = urgencyOf(timeToFailure)
  const least: Urgency = safetyRelevant ? 'HIGH' : 'LOW'
  const most: Urgency = sensorOnly ? 'MEDIUM' : 'CRITICAL'
  const raised = moreUrgent(least, byTime) ? least : byTime
  const urgency = moreUrgent(raised, most) ? most : raised
  const span = `${describeHours(timeToFailure.lowerHours)} to ${describeHours(timeToFailure.upperHours)}`
  const because = safetyRelevant
    ? ', and its failure endangers people'
    : sensorOnly
      ? ', but only a sensor has failed'
      : ''
  return { urgency, timeToFailure, safetyRelevant, explanation: `${system} fails in ${span}${because}: ${urgency}` }
}
