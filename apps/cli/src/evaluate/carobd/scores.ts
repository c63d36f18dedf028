/** Figures over many runs. */
import { median, percentile } from '../../measure/statistics.ts'
import { survivalBeyond, type Score } from './product-limit.ts'
import type { Forecast, Run } from './recall.ts'

export interface Recall {
  runs: number
  /** Runs in which the fault reached its limit: only they can tell whether it was found before. */
  reached: number
  found: number
  recall: number
  /** From alert to limit over all runs that reached it, 0 for those not found in time; seconds. */
  leadMedian: number
  leadP10: number
  /** From onset to alert over those found. */
  delayMedian: number
  /** Runs with an alert about a system that was not at fault. */
  foreign: number
}

export function recallOf(runs: readonly Run[]): Recall {
  const reached = runs.filter(({ limitSeconds }) => limitSeconds !== undefined)
  const leads = reached.map(leadOf)
  const found = reached.filter((run) => leadOf(run) > 0)
  return {
    runs: runs.length,
    reached: reached.length,
    found: found.length,
    recall: found.length / reached.length,
    leadMedian: median(leads),
    leadP10: percentile(leads, 0.1),
    delayMedian: median(found.map(({ alertSeconds, onsetSeconds }) => alertSeconds! - onsetSeconds)),
    foreign: runs.filter(({ foreign }) => foreign.length > 0).length,
  }
}

export const leadOf = ({ limitSeconds, alertSeconds }: Run): number =>
  limitSeconds === undefined || alertSeconds === undefined ? 0 : Math.max(limitSeconds - alertSeconds, 0)

export interface Coverage {
  forecasts: number
  /** Of them, those whose drive reached the limit. */
  told: number
  /** Share of the forecasts whose 90 % interval held the true time to the limit. */
  covered: number
  /** Interval width over true time, median: what the coverage costs. */
  relativeWidth: number
}

/** At the alert: the first forecast of each run that is not older than its alert. */
export const coverageAtAlert = (runs: readonly Run[]): Coverage =>
  coverage(runs, ({ forecasts, alertSeconds = Infinity }) =>
    forecasts.filter(({ atSeconds }) => atSeconds >= alertSeconds).slice(0, 1),
  )

/** Every forecast until the limit, the alert raised or not. */
export const coverageAlways = (runs: readonly Run[]): Coverage => coverage(runs, ({ forecasts }) => forecasts)

/**
 * Where the true time lies in the interval: 0 at its lower end, 1 at its upper one, on a logarithmic scale. A drive that
 * ended before the limit censors it, so the share within comes from the product-limit estimate (Kaplan and Meier 1958).
 */
function coverage(runs: readonly Run[], of: (run: Run) => readonly Forecast[]): Coverage {
  const places: Score[] = []
  const widths: number[] = []
  for (const run of runs)
    for (const { atSeconds, lower, upper } of of(run)) {
      const left = (run.limitSeconds ?? run.endSeconds) - atSeconds
      if (left <= 0) continue
      const scale = Math.log((upper + shortest) / (lower + shortest))
      places.push({
        score: Math.log((left + shortest) / (lower + shortest)) / scale,
        censored: run.limitSeconds === undefined,
      })
      if (run.limitSeconds !== undefined) widths.push((upper - lower) / left)
    }
  const told = places.filter(({ censored }) => !censored).length
  const covered = survivalBeyond(places, -1e-9) - survivalBeyond(places, 1 + 1e-9)
  return { forecasts: places.length, told, covered, relativeWidth: median(widths) }
}

/** Seconds: keeps the logarithm of nothing finite. */
const shortest = 1
