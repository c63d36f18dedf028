/**
 * A monitor watches one physically meaningful quantity of one system in the regimes where it means something. This file
 * has the vocabulary; monitors/ has the table; monitor-state.ts runs the same detectors for every one of them.
 */
import type { VehicleSystem } from '@pitcrew/signals'
import type { HoursInterval } from './interval.ts'
import type { Regime } from './regime.ts'

export interface Monitor {
  /** Stable: state is kept and diagnosis reasons under this name. */
  name: string
  system: VehicleSystem
  /** The VSS path shown as evidence. */
  signal: string
  /** What the measure is, for people, with its unit in brackets at the end. */
  description: string
  /** What besides a failing part moves it in `direction`, likeliest first. */
  alsoFits?: readonly string[]
  direction: 'high' | 'low'
  /** The quantity now; NaN when the signals are missing or the regime says nothing about it. */
  measure(values: Record<string, number>, regime: Regime): number
  /** Whether now is representative enough to learn the vehicle's own level from, and to see trends in. */
  steady(values: Record<string, number>, regime: Regime): boolean
  /** The level of a healthy vehicle, and the range in which a vehicle's own learned level may lie. */
  expected: number
  learn: { low: number; high: number } | 'never'
  /** Spread of the smoothed measure over healthy vehicles and trips. */
  sigma: number
  /** Smoothing of the measure, seconds. */
  tauSeconds: number
  /** Where the function is lost or damage begins, and how long it must hold before the detector believes it. */
  limit: number
  limitDwellSeconds: number
  trendBinSeconds: number
  /** When the level is off but no trend shows: time until the limit. */
  untilLimit: HoursInterval
  /** From the limit to the failure. */
  afterLimit: HoursInterval
  /** Most that this monitor alone can convince: below the alert threshold it only supports others. */
  weight: number
}

/** Deviation from the learned level, in sigmas, at which the level detector begins to speak. */
export const levelSigmas = 4
/** A measure that nothing else explains must hold its deviation this long. */
export const levelDwellSeconds = 45
/** Seconds of steady operation after which a vehicle's own level is known; it follows slowly from then on. */
export const learnSeconds = 240
export const relearnTauSeconds = 3_600
