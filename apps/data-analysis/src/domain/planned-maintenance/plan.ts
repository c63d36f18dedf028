/** A service that is done again and again: by distance, engine hours and date, whichever comes first. */
import { Terminal } from '@pitcrew/errors'
import type { VehicleSystem } from '@pitcrew/signals'

/** What is counted. */
export const measures = ['distance', 'engine-hours', 'date'] as const
export type Measure = (typeof measures)[number]

export interface Plan {
  planId: string
  /** "oil service". */
  what: string
  /** One of the two is given, the other ''. */
  vehicleId: string
  vehicleModel: string
  every: Every
  notice: Notice
  system: VehicleSystem
  /** A completed visit that replaced this, or one of the parts, has done it; '' when only its own visits have. */
  component: string
  parts: readonly string[]
  labourHours: number
  reason: string
}

/** At least one. */
export interface Every {
  km?: number
  engineHours?: number
  /** Whole ones. */
  months?: number
}

/** How long before it is due it comes up. */
export interface Notice {
  /** Of each interval, 0 to 1. */
  share: number
  /** Instead of the share of the distance. */
  km?: number
  /** Instead of the share of the months; and so long before the date that the other measures are expected to be due on. */
  days?: number
}

export const usualNotice = 0.1

const idPattern = /^[A-Za-z0-9._-]{1,64}$/

/** Throws Terminal BAD_PLAN. */
export function checkPlan(plan: Plan): Plan {
  const { planId, what, vehicleId, vehicleModel, every, notice, labourHours } = plan
  if (!idPattern.test(planId)) throw bad(`its id is ${JSON.stringify(planId)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`)
  if (what.trim() === '') throw bad('it does not say what is done: expected, say, "oil service"')
  if ((vehicleId === '') === (vehicleModel === '')) throw bad('expected either a vehicle or a model of vehicles')
  const intervals = Object.entries(every)
  if (intervals.length === 0) throw bad('it is never due: expected km, engine hours or months')
  for (const [unit, interval] of intervals)
    if (!(interval > 0 && Number.isFinite(interval))) throw bad(`it is every ${interval} ${unit}: expected above 0`)
  if (every.months !== undefined && !Number.isInteger(every.months))
    throw bad(`it is every ${every.months} months: expected whole ones`)
  if (!(notice.share >= 0 && notice.share < 1))
    throw bad(`its notice is ${notice.share} of an interval: expected 0 to 1`)
  if (every.km !== undefined && !((notice.km ?? 0) < every.km)) throw bad('its notice is no shorter than its distance')
  if (!((notice.days ?? 0) >= 0)) throw bad(`its notice is ${notice.days} days: expected 0 or more`)
  if (!(labourHours >= 0 && labourHours <= 200)) throw bad(`it takes ${labourHours} hours: expected 0 to 200`)
  return plan
}

const bad = (why: string) => new Terminal('BAD_PLAN', `the plan cannot be put: ${why}`)

export const concerns = (plan: Plan, vehicleId: string, vehicleModel: string): boolean =>
  plan.vehicleId === '' ? plan.vehicleModel === vehicleModel : plan.vehicleId === vehicleId

/** Under which the plan is evidence of an alert, and rules ignore it. */
export const featureOf = ({ planId }: Pick<Plan, 'planId'>): string => `planned-${planId}`

/** Whether a visit that replaced `component` has done it. */
export function isDoneBy({ component, parts }: Plan, replaced: string): boolean {
  const name = plain(replaced)
  return name !== '' && [component, ...parts].some((part) => plain(part) === name)
}

const plain = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')
