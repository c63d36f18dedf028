/** How a degradation develops: from its onset (0) to its end (1) over the time that the fault's own parameters give. */
import { clamp } from './fault.ts'

export const developments = ['linear', 'exponential', 'step-then-drift', 'intermittent'] as const

/**
 * - linear: wear at a steady rate.
 * - exponential: damage that feeds itself (a growing crack): a fifth of the way takes half of the time.
 * - step-then-drift: something gives (three tenths of the way at once), then wear goes on.
 * - intermittent: a bad contact or a part that sticks: it comes and goes, 90 s a period, for longer each time until it stays.
 */
export type Development = (typeof developments)[number]

const growth = 2.8
const stepShare = 0.3
const periodSeconds = 90
const leastPresence = 0.4

/** Share of the way at `share` of the time (below 0: before the onset); `elapsed` is seconds since the onset. */
export function developed(development: Development, share: number, elapsed: number): number {
  if (share < 0 || elapsed < 0) return 0
  const time = clamp(share, 0, 1)
  switch (development) {
    case 'linear':
      return time
    case 'exponential':
      return Math.expm1(growth * time) / Math.expm1(growth)
    case 'step-then-drift':
      return stepShare + (1 - stepShare) * time
    case 'intermittent':
      return elapsed % periodSeconds < periodSeconds * (leastPresence + (1 - leastPresence) * time) ? time : 0
    default:
      return development satisfies never
  }
}
