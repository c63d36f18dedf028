/**
 * How long a trend leaves until its limit, with a 90 % interval that holds 90 %.
 *
 * 1. The recent slope carries the estimate: over the whole window the healthy time before the onset would flatten it.
 * 2. Interval by split conformal prediction (Vovk, Gammerman and Shafer 2005; here by monitor, and right-censored) at the
 *    alert: score = (true time + lag) / extrapolated time; lower, median and upper are the 2.5, 50 and 97.5 % quantiles of
 *    the scores (Kaplan and Meier 1958, so that runs which end before the limit count for what they show). Every fault, in
 *    every way it develops and at three rates, over 16 vehicles of the simulator and over the tuned half of the recorded
 *    drives; of the two the wider one stands. `apps/cli/src/evaluate/carobd/calibrate.ts` prints both.
 * 3. Wear over months is nearly linear and its bins are hours: there the interval of the slope (Sen 1968) stands as it is.
 */
import { hours, type HoursInterval } from './interval.ts'
import type { Monitor } from './monitor.ts'
import type { Slope } from './trend.ts'

export interface ConformalFactors {
  lower: number
  median: number
  upper: number
}

/** Of all groups together: for monitors that no simulated fault moves. */
const pooled: ConformalFactors = { lower: 0.15, median: 1.05, upper: 7.78 }

/** By the monitor whose trend it is. */
const conformal: Record<string, ConformalFactors> = {
  'coolant-hot': { lower: 0.45, median: 1.2, upper: 3.15 },
  'coolant-cold': { lower: 0.3, median: 1.3, upper: 5.37 },
  'charging-low': { lower: 0.47, median: 0.9, upper: 2 },
  // A battery is found by its deepest dips, whose depth hangs on what happens to be switched on.
  'battery-sag': { lower: 0.01, median: 0.6, upper: 3.36 },
  // A leak weighs most at idle: the trim comes and goes with the way that is driven.
  'trim-lean': { lower: 0.24, median: 2, upper: 12.28 },
  'catalyst-cold': { lower: 0.22, median: 0.97, upper: 2.18 },
}

/** What smoothing and bins take to see a slope. */
export const lagHours = 1 / 60
/** A trend that reaches the limit later than this is ageing, not a finding. */
export const horizonHours = 45 * 24
/** Monitors with longer bins watch wear. */
export const wearBinSeconds = 3_600
const secondsPerHour = 3_600

export const factorsOf = (monitor: string): ConformalFactors => conformal[monitor] ?? pooled

/** `distance`: in the monitor's unit, at least 0. `slope`: towards the limit, all of it above 0. */
export function timeToLimitOf(
  { name, trendBinSeconds }: Pick<Monitor, 'name' | 'trendBinSeconds'>,
  distance: number,
  { lower, median, upper }: Slope,
): HoursInterval {
  const longest = horizonHours * 10
  const at = (slope: number) => Math.min(distance / slope / secondsPerHour, longest)
  if (trendBinSeconds >= wearBinSeconds) return hours(at(upper), at(median), at(lower))
  const factors = factorsOf(name)
  const calibrated = (factor: number) => Math.max(at(median) * factor - lagHours, 0)
  return hours(calibrated(factors.lower), calibrated(factors.median), calibrated(factors.upper))
}
