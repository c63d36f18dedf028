/** A service that is due, as evidence about its system: judged by the same policy as all other, so one case tells of both. */
import type { VehicleSystem } from '@pitcrew/signals'
import type { Finding } from '../finding.ts'
import type { HoursInterval } from '../interval.ts'
import type { Standing } from './due-date.ts'
import { featureOf, type Plan } from './plan.ts'

export interface DuePlan {
  feature: string
  system: VehicleSystem
  /** From 0, when it has been due already, to 1. */
  remainingShare: number
  timeUntil: HoursInterval
  explanation: string
}

/** Above what raises an alert: people decided that it is to be done. */
const strength = 0.8
/**
 * A part does not fail on the day its service is due: intervals have a reserve of weeks. A service alone is never more
 * urgent than MEDIUM.
 */
const reserve = { lower: 7 * 24, median: 14 * 24, upper: 56 * 24 }
const longestHours = 1e5
const hourMs = 3_600_000

export function duePlanOf(plan: Plan, { dueAt, countdowns, explanation }: Standing, nowMs: number): DuePlan {
  const hoursUntil = (atMs: number | undefined, least: number) =>
    Math.min(Math.max(atMs === undefined ? least : (atMs - nowMs) / hourMs, least), longestHours)
  const shares = countdowns.map(({ remaining, interval }) => remaining / interval)
  return {
    feature: featureOf(plan),
    system: plan.system,
    remainingShare: Math.min(Math.max(Math.min(...shares), 0), 1),
    timeUntil: {
      lowerHours: hoursUntil(dueAt?.lowerMs, reserve.lower),
      medianHours: hoursUntil(dueAt?.medianMs, reserve.median),
      upperHours: hoursUntil(dueAt?.upperMs, reserve.upper),
    },
    explanation,
  }
}

const nothing: Finding[] = []

/** On the hot path: allocates only for a vehicle that has something due. `nowMs`: device time. */
export function dueFindings(due: readonly DuePlan[] | undefined, nowMs: number): Finding[] {
  if (due === undefined || due.length === 0) return nothing
  return due.map(({ feature, system, remainingShare, timeUntil, explanation }) => ({
    system,
    detector: 'planned-maintenance' as const,
    feature,
    signal: '',
    dtc: '',
    value: remainingShare,
    expected: 0,
    strength,
    sinceMs: nowMs,
    timeToFailure: timeUntil,
    explanation,
  }))
}
