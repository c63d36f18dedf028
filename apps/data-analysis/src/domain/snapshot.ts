import type { Assessment } from './assess.ts'
import type { Finding } from './finding.ts'
import type { HoursInterval } from './interval.ts'
import { monitors } from './monitors/index.ts'
import type { VehicleSystem } from '@pitcrew/signals'
import type { VehicleState } from './vehicle-state.ts'

/** What was known of the vehicle when an alert was raised or escalated: what its diagnosis reasons over. Plain JSON. */
export interface Snapshot {
  system: VehicleSystem
  /** About this system, strongest first. */
  findings: Finding[]
  timeToFailure: HoursInterval
  /** VSS paths that the vehicle has ever reported. */
  observedSignals: string[]
  /** Robust level of each of them, and the latest value of those of this trip; in the catalogue's units. */
  levels: Record<string, number>
  latest: Record<string, number>
  codes: string[]
  /** Whether the vehicle reports codes at all, so that their absence means something. */
  reportsCodes: boolean
}

export function snapshotOf(state: VehicleState, assessment: Assessment, reportsCodes: boolean): Snapshot {
  const { system, evidence, timeToFailure } = assessment
  return {
    system,
    findings: evidence,
    timeToFailure,
    observedSignals: Object.keys(state.signals),
    levels: levelsOf(state),
    latest: { ...state.latest },
    codes: Object.keys(state.codes),
    reportsCodes,
  }
}

export function levelsOf({ signals }: VehicleState): Record<string, number> {
  return Object.fromEntries(Object.entries(signals).map(([path, { level }]) => [path, level]))
}

/** Monitors and codes that speak: how past failures are compared with this one. */
export const featuresOf = ({ findings }: Pick<Snapshot, 'findings'>): string[] => [
  ...new Set(findings.map(({ feature }) => feature)),
]

/** The latest values of the signals that the system is judged by. */
export function latestOf({ system, latest }: Pick<Snapshot, 'system' | 'latest'>): Record<string, number> {
  const paths = new Set(monitors.filter((monitor) => monitor.system === system).map(({ signal }) => signal))
  return Object.fromEntries(Object.entries(latest).filter(([path]) => paths.has(path)))
}
