/**
 * Probability of failure over time, fused from several ways in which a system may be failing (competing risks): it survives
 * until t if none of them has come to its end by then, S(t) = product of (1 - p F(t)) over the paths.
 *
 * Each path's F is lognormal (the usual form for times that are products of many factors), with its own width on each side
 * of the median, so that the path's 5, 50 and 95 % quantiles are exactly the bounds it was given.
 */
import { hours, type HoursInterval } from './interval.ts'

export interface HazardPoint {
  withinHours: number
  probability: number
}

/** One way in which the system may be failing. */
export interface FailurePath {
  /** That it is. */
  probability: number
  /** When, if it is. */
  timeToFailure: HoursInterval
}

/** No evidence is certain. */
export const mostSure = 0.995
const horizons = [1, 24, 7 * 24, 30 * 24]
/** Normal quantile of 95 %: both tails of a 90 % interval. */
const quantile95 = 1.6449
/** Six minutes: below that no interval is honest. */
const shortest = 0.1
/** Narrowest spread of a path, in logarithms of time. */
const leastSigma = 0.05
const longestHours = 1e6

export function hazardOf(paths: readonly FailurePath[]): HazardPoint[] {
  return horizons.map((withinHours) => ({
    withinHours,
    probability: Math.min(1 - survival(paths, withinHours), mostSure),
  }))
}

/** When the system fails, given that it is failing in one of the ways: quantiles of the fused distribution. */
export function timeToFailureOf(paths: readonly FailurePath[]): HoursInterval {
  const [only, ...others] = paths
  if (only && others.every(({ timeToFailure }) => isSame(timeToFailure, only.timeToFailure))) return only.timeToFailure
  const ever = 1 - survival(paths, Infinity)
  const at = (share: number) => quantileOf((time) => (1 - survival(paths, time)) / ever, share)
  return hours(at(0.05), at(0.5), at(0.95))
}

const isSame = (a: HoursInterval, b: HoursInterval): boolean =>
  a.lowerHours === b.lowerHours && a.medianHours === b.medianHours && a.upperHours === b.upperHours

function survival(paths: readonly FailurePath[], time: number): number {
  let left = 1
  for (const { probability, timeToFailure } of paths) left *= 1 - probability * failedBy(timeToFailure, time)
  return left
}

/** F(t) of one path. */
export function failedBy({ lowerHours, medianHours, upperHours }: HoursInterval, time: number): number {
  if (time === Infinity) return 1
  const median = Math.max(medianHours, shortest)
  const bound = time < median ? Math.max(lowerHours, shortest / 2) : upperHours
  const sigma = Math.max(Math.abs(Math.log(Math.max(bound, shortest / 2) / median)) / quantile95, leastSigma)
  return normalCdf(Math.log(time / median) / sigma)
}

/** By bisection over the logarithm of time; `cdf` rises from 0 to 1. */
function quantileOf(cdf: (time: number) => number, share: number): number {
  let low = Math.log(shortest / 10)
  let high = Math.log(longestHours)
  for (let pass = 0; pass < 40; pass++) {
    const middle = (low + high) / 2
    if (cdf(Math.exp(middle)) < share) low = middle
    else high = middle
  }
  return Math.exp(high)
}

/** Abramowitz and Stegun 26.2.17; error below 7.5e-8. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return x >= 0 ? 1 - tail : tail
}
