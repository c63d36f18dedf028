/**
 * Owns the running levels of a signal and the seven ways in which its newest value can be out of the ordinary.
 *
 * 1. No look-ahead. What a view compares with (mean, spread, calendar) is from before the value, which is learnt afterwards.
 * 2. Memory is constant; all paces are per step, the calendar alone is in wall time.
 * 3. No level becomes anything but a finite number, for finite values up to 1e300 in size.
 */
import {
  type Calendar,
  type CalendarTuning,
  createCalendar,
  fromHourOfWeek,
  fromTimeOfDay,
  visitCalendar,
} from './calendar.ts'

/** In the order in which their tails are kept. */
export const anomalyViews = ['time of day', 'hour of week', 'volatility', 'level', 'drift', 'calm', 'drop'] as const
export type AnomalyView = (typeof anomalyViews)[number]

/** The one view that is a logarithm. */
const calm = anomalyViews.indexOf('calm')

export interface Levels {
  last: number
  lastMs: number
  /** Usual time between values. */
  intervalMs: number
  /** Mean and mean absolute deviation of the long run. */
  mean: number
  spread: number
  /** Means of about the last 7 and 50 values. */
  fast: number
  medium: number
  /** Mean absolute change from value to value: about the last 10, 33 and 333. */
  changeFast: number
  changeMedium: number
  changeSlow: number
  /** Mean deviation from the hour of the week, about the last 10 values. */
  weekDeviation: number
  calendar: Calendar
}

export interface ViewTuning extends CalendarTuning {
  meanPace: number
  fastPace: number
  mediumPace: number
  changeFastPace: number
  changeMediumPace: number
  changeSlowPace: number
  weekDeviationPace: number
  /** The calendar learns a value as no further from the mean than so many spreads. */
  calendarSpreads: number
  /** Of the spread: less than this is no excess. */
  floorShare: number
}

/** A change over a gap of so many usual intervals is none from value to value. */
const gapIntervals = 20
/** Before, the spread is not known. */
const calendarFreeSteps = 600
const intervalPace = 0.05
const logFloor = 0.02
/** Rounding of means of large numbers is no change. */
const rounding = 1e-10
const smallest = 1e-300

export const createLevels = (): Levels => ({
  last: 0,
  lastMs: 0,
  intervalMs: 0,
  mean: 0,
  spread: 0,
  fast: 0,
  medium: 0,
  changeFast: 0,
  changeMedium: 0,
  changeSlow: 0,
  weekDeviation: 0,
  calendar: createCalendar(),
})

/** Fills `out` with the value of each view and `floors` with their floors; learns from `value`. `step` counts from 1. */
export function stepViews(
  levels: Levels,
  timeMs: number,
  value: number,
  step: number,
  tuning: ViewTuning,
  out: Float64Array,
  floors: Float64Array,
): void {
  if (step === 1) levels.last = levels.mean = levels.fast = levels.medium = value
  const change = changeOf(levels, timeMs, value, step)
  const dated = visitCalendar(levels.calendar, timeMs, withinReach(levels, value, step, tuning), tuning)
  const weekDeviation = dated ? fromHourOfWeek(levels.calendar, value) : NaN
  levels.fast += tuning.fastPace * (value - levels.fast)
  levels.medium += Math.max(1 / step, tuning.mediumPace) * (value - levels.medium)
  levels.changeFast += tuning.changeFastPace * (change - levels.changeFast)
  levels.changeMedium += tuning.changeMediumPace * (change - levels.changeMedium)
  levels.changeSlow += Math.max(1 / step, tuning.changeSlowPace) * (change - levels.changeSlow)
  if (!Number.isNaN(weekDeviation))
    levels.weekDeviation += tuning.weekDeviationPace * (weekDeviation - levels.weekDeviation)
  const floor = tuning.floorShare * levels.spread + rounding * Math.abs(levels.mean) + smallest
  floors.fill(floor)
  floors[calm] = logFloor
  out[0] = dated ? Math.abs(fromTimeOfDay(levels.calendar, value)) : NaN
  out[1] = Number.isNaN(weekDeviation) ? NaN : Math.abs(levels.weekDeviation)
  out[2] = levels.changeFast
  out[3] = Math.abs(levels.fast - levels.mean)
  out[4] = Math.abs(levels.medium - levels.mean)
  out[5] = Math.log((levels.changeSlow + floor) / (levels.changeMedium + floor))
  out[6] = levels.mean - value
  const pace = Math.max(1 / step, tuning.meanPace)
  levels.spread += pace * (Math.abs(value - levels.mean) - levels.spread)
  levels.mean += pace * (value - levels.mean)
}

/** What the calendar learns: one value far out is not expected at the same time of the next day. */
function withinReach({ mean, spread }: Levels, value: number, step: number, { calendarSpreads }: ViewTuning): number {
  const reach = calendarSpreads * spread
  return step <= calendarFreeSteps ? value : Math.min(mean + reach, Math.max(mean - reach, value))
}

/** From the value before; 0 over a gap, of which nothing is known. */
function changeOf(levels: Levels, timeMs: number, value: number, step: number): number {
  const before = levels.last
  levels.last = value
  if (!Number.isSafeInteger(Math.floor(timeMs))) return Math.abs(value - before)
  const elapsed = step === 1 ? 0 : Math.max(0, timeMs - levels.lastMs)
  const gap = levels.intervalMs > 0 && elapsed > gapIntervals * levels.intervalMs
  levels.lastMs = timeMs
  if (!gap) levels.intervalMs += (levels.intervalMs === 0 ? 1 : intervalPace) * (elapsed - levels.intervalMs)
  return gap ? 0 : Math.abs(value - before)
}
