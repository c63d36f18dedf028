/**
 * Probability of failure over time. The time to failure, given that the system is failing at all, is taken as lognormal
 * with the median and 90 % interval of the evidence (the usual form for times that are products of many factors).
 */
import type { HoursInterval } from './interval.ts'

export interface HazardPoint {
  withinHours: number
  probability: number
}

const horizons = [1, 24, 7 * 24, 30 * 24]
/** Normal quantile of 95 %: both tails of a 90 % interval. */
const quantile95 = 1.6449
/** Six minutes: below that no interval is honest. */
const shortest = 0.1

/** `probability` that the system is failing, spread over the time in which it then fails. */
export function hazardOf(probability: number, { lowerHours, medianHours, upperHours }: HoursInterval): HazardPoint[] {
  const median = Math.max(medianHours, shortest)
  const ratio = Math.max(upperHours, median) / Math.max(lowerHours, shortest / 2)
  const sigma = Math.max(Math.log(Math.max(ratio, 1)) / (2 * quantile95), 0.1)
  return horizons.map((withinHours) => ({
    withinHours,
    probability: probability * normalCdf(Math.log(withinHours / median) / sigma),
  }))
}

/** Abramowitz and Stegun 26.2.17; error below 7.5e-8. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return x >= 0 ? 1 - tail : tail
}
