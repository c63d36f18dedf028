/** Whether, and how long before its limit, each injected degradation is found, and what was forecast of it. */
import type { detection } from '@pitcrew/data-analysis'
import type { SignalFrame } from '@pitcrew/signals'
import { drive } from './drive.ts'
import { injections, limitCrossing, type RateName, type Selection } from './injection.ts'
import { partOf, type Part } from './split.ts'

/** When the limit will be reached: seconds from the moment of the forecast, 90 % interval. */
export interface Forecast {
  /** Of the monitor whose trend it is. */
  feature: string
  atSeconds: number
  lower: number
  median: number
  upper: number
}

export interface Run {
  drive: string
  part: Part
  fault: string
  development: string
  rate: RateName
  onsetSeconds: number
  endSeconds: number
  /** Seconds since the first frame at which the fault reached its limit; undefined when the drive ended before. */
  limitSeconds: number | undefined
  /** The first alert about the fault's own system; undefined when there was none. */
  alertSeconds: number | undefined
  /** Alerts about other systems. */
  foreign: string[]
  /** Of the fault's own system, in order of time, at most one in `forecastEverySeconds`. */
  forecasts: Forecast[]
}

const forecastEverySeconds = 30

export function recallRuns(name: string, healthy: readonly SignalFrame[], only?: Selection): Run[] {
  const startMs = healthy[0]!.timeMs
  return [...injections(healthy, only)].map(({ fault, development, rate, onsetSeconds, frames }) => {
    const forecasts: Forecast[] = []
    const { raised } = drive(name, frames, ({ timeMs }, assessments) => {
      const atSeconds = (timeMs - startMs) / 1_000
      if (atSeconds - (forecasts.at(-1)?.atSeconds ?? -forecastEverySeconds) < forecastEverySeconds) return
      const own = assessments.find(({ system }) => system === fault.system)
      const forecast = own && forecastOf(own, atSeconds)
      if (forecast) forecasts.push(forecast)
    })
    return {
      drive: name,
      part: partOf(name),
      fault: fault.name,
      development,
      rate,
      onsetSeconds,
      endSeconds: (healthy.at(-1)!.timeMs - startMs) / 1_000,
      limitSeconds: limitCrossing(healthy, frames, fault.limit),
      alertSeconds: raised.find(({ system }) => system === fault.system)?.atSeconds,
      foreign: raised.filter(({ system }) => system !== fault.system).map(({ system }) => system),
      forecasts,
    }
  })
}

/** Of the strongest evidence that has one. */
function forecastOf({ evidence }: detection.Assessment, atSeconds: number): Forecast | undefined {
  const trend = evidence.find(({ timeToLimit }) => timeToLimit !== undefined)
  if (!trend) return undefined
  const { lowerHours, medianHours, upperHours } = trend.timeToLimit!
  return {
    feature: trend.feature,
    atSeconds,
    lower: lowerHours * 3_600,
    median: medianHours * 3_600,
    upper: upperHours * 3_600,
  }
}
