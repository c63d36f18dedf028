/**
 * Peers: vehicles of the same model and age, as a level and spread for each monitor's measure (so for each in the regimes
 * where it means something). Pure: whoever holds many vehicles makes the table, whoever judges one is given it.
 */
import type { Finding } from './finding.ts'
import { levelSigmas, learnSeconds, type Monitor } from './monitor.ts'
import type { MonitorState } from './monitor-state.ts'
import { monitors } from './monitors/index.ts'
import { median, spreadAround } from './robust.ts'
import type { VehicleState } from './vehicle-state.ts'

export interface PeerLevel {
  /** Vehicles that the level comes from. */
  count: number
  median: number
  /** Robust, of one vehicle to the next; in the measure's unit. */
  spread: number
}

/** By the monitor's name. */
export type PeerLevels = Readonly<Record<string, PeerLevel>>

export const fewestPeers = 5
/** Differing from one's peers is no fault yet: it supports other evidence, and cannot raise an alert alone. */
const peerStrength = 0.4
const yearMs = 365.25 * 86_400_000

/** Vehicles of a band are each other's peers. `ageMs` undefined when unknown. */
export function peerGroupOf(model: string, ageMs: number | undefined): string {
  if (ageMs === undefined) return `${model}/any`
  const years = ageMs / yearMs
  return `${model}/${years < 1 ? 'new' : years < 4 ? '1-3 years' : years < 9 ? '4-8 years' : 'old'}`
}

/** The table of a group from the states of its vehicles; monitors that fewer than `fewestPeers` of them know are left out. */
export function peerLevelsOf(states: readonly Pick<VehicleState, 'monitors'>[]): PeerLevels {
  const levels: Record<string, PeerLevel> = {}
  for (const { name } of monitors) {
    const known = states.flatMap((state) => knownLevel(state.monitors[name]))
    if (known.length < fewestPeers) continue
    const middle = median(known)
    const spread = spreadAround(middle, known)
    levels[name] = { count: known.length, median: middle, spread }
  }
  return levels
}

/** What sets this vehicle apart from its peers; empty when it is like them, or too few of them are known. */
export function peerFindings(state: Pick<VehicleState, 'monitors' | 'lastMs'>, peers: PeerLevels): Finding[] {
  return monitors.flatMap((monitor) => {
    const own = state.monitors[monitor.name]
    const peer = peers[monitor.name]
    return own === undefined || peer === undefined ? [] : peerFinding(monitor, own, peer, state.lastMs)
  })
}

/** Of one monitor. `nowMs`: device time. */
export function peerFinding(monitor: Monitor, own: MonitorState, peer: PeerLevel, nowMs: number): Finding[] {
  if (peer.count < fewestPeers || own.seconds < learnSeconds) return []
  const sign = monitor.direction === 'high' ? 1 : -1
  const off = (sign * (own.level - peer.median)) / Math.max(peer.spread, monitor.sigma)
  if (off < levelSigmas) return []
  return [
    {
      system: monitor.system,
      detector: 'peers',
      feature: monitor.name,
      signal: monitor.signal,
      dtc: '',
      value: own.level,
      expected: peer.median,
      strength: peerStrength * monitor.weight,
      sinceMs: nowMs,
      timeToFailure: {
        lowerHours: monitor.untilLimit.lowerHours + monitor.afterLimit.lowerHours,
        medianHours: monitor.untilLimit.medianHours + monitor.afterLimit.medianHours,
        upperHours: monitor.untilLimit.upperHours + monitor.afterLimit.upperHours,
      },
      explanation: `${monitor.description}: ${own.level.toPrecision(4)}, where ${peer.count} vehicles of its model and age have ${peer.median.toPrecision(4)}`,
    },
  ]
}

const knownLevel = (monitor: MonitorState | undefined): number[] =>
  monitor !== undefined && monitor.learnedSeconds >= learnSeconds ? [monitor.baseline] : []
