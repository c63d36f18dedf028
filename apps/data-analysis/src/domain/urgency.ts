import type { HoursInterval } from './interval.ts'

export const urgencies = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
export type Urgency = (typeof urgencies)[number]

/** L3, decided on the lower bound: CRITICAL < 24 h, HIGH < 7 d, MEDIUM < 30 d, LOW otherwise. */
export function urgencyOf({ lowerHours }: HoursInterval): Urgency {
  if (lowerHours < 24) return 'CRITICAL'
  if (lowerHours < 7 * 24) return 'HIGH'
  return lowerHours < 30 * 24 ? 'MEDIUM' : 'LOW'
}

export const moreUrgent = (a: Urgency, b: Urgency): boolean => urgencies.indexOf(a) > urgencies.indexOf(b)
