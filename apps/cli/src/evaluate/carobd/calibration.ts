/**
 * Factors of the conformal interval of the time to a limit (domain/time-to-limit.ts of data-analysis), from every fault,
 * development and rate laid over seeded vehicles of the simulator, and over the tuned half of the recorded drives.
 */
import { detection } from '@pitcrew/data-analysis'
import type { SignalFrame } from '@pitcrew/signals'
import { createSyntheticVehicle } from '@pitcrew/simulator'
import { quantile, type Score } from './product-limit.ts'
import { recallRuns, type Run } from './recall.ts'

/** 95 % here are meant to hold 90 % on the road: the simulator's vehicles are more alike than real ones. */
const tail = 0.025

const { factorsOf, lagHours, startMs } = detection

type Calibration = Map<string, detection.ConformalFactors & { count: number }>

/** From vehicles of the simulator that nothing is measured on. */
export function calibrateOnGenerated(vehicles: number, minutes: number): Calibration {
  const names = Array.from({ length: vehicles }, (_, index) => `calibration-${index}`)
  return calibrate(names.map((name) => [name, generatedFrames(name, minutes)]))
}

export function calibrate(drives: Iterable<[string, SignalFrame[]]>): Calibration {
  const scores = new Map<string, Score[]>([['pooled', []]])
  for (const [name, frames] of drives)
    for (const run of recallRuns(name, frames)) {
      const scored = scoreOf(run)
      if (!scored) continue
      const { feature, ...score } = scored
      scores.set(feature, [...(scores.get(feature) ?? []), score])
      scores.get('pooled')!.push(score)
    }
  return new Map([...scores].map(([feature, all]) => [feature, factorsFrom(all)]))
}

const factorsFrom = (all: readonly Score[]) => ({
  count: all.length,
  lower: quantile(all, tail),
  median: quantile(all, 0.5),
  upper: quantile(all, 1 - tail),
})

function generatedFrames(seed: string, minutes: number): SignalFrame[] {
  const next = createSyntheticVehicle(seed)
  return Array.from({ length: minutes * 60 }, (_, second) => next(startMs + second * 1_000))
}

/** At its alert: that is the moment at which people act on the interval. */
function scoreOf({ forecasts, alertSeconds = Infinity, limitSeconds, endSeconds }: Run) {
  const first = forecasts.find(({ atSeconds }) => atSeconds >= alertSeconds)
  if (!first) return undefined
  const lag = lagHours * 3_600
  const extrapolated = (first.median + lag) / factorsOf(first.feature).median
  const left = (limitSeconds ?? endSeconds) - first.atSeconds
  if (left <= 0) return undefined
  return { feature: first.feature, score: (left + lag) / extrapolated, censored: limitSeconds === undefined }
}
