import type { VehicleSystem } from '@pitcrew/signals'
import { monitors } from '../monitors/index.ts'
import { fewestPeers } from '../peers.ts'
import { median, spreadAround } from '../robust.ts'
import { supportsOf, type NodeResult } from './node-result.ts'
import { kindOf } from './signal-evidence.ts'

export interface FleetPeersInput {
  system: VehicleSystem
  /** Robust level of each signal: of this vehicle, and of others of its model in the same days. */
  levels: Record<string, number>
  peers: readonly { vehicleId: string; levels: Record<string, number> }[]
}

/**
 * C4: whether this vehicle differs from its peers. What all of them show (heat wave, fuel batch) is no fault of one;
 * what only this one shows is.
 */
export function fleetPeers({ system, levels, peers }: FleetPeersInput): NodeResult {
  const scores = new Map<string, number>()
  for (const { name, signal, direction, sigma } of monitors.filter((monitor) => monitor.system === system)) {
    const z = deviation(signal, levels, peers, sigma)
    if (z !== undefined) scores.set(kindOf(name), direction === 'high' ? z : -z)
  }
  const supports = supportsOf(system, ({ features }) => {
    let ratio = 1
    const reasons: string[] = []
    for (const [feature, [present, otherwise]] of Object.entries(features)) {
      const z = scores.get(feature)
      if (z === undefined) continue
      const speaksFor = present > otherwise
      if (z > 3) {
        ratio *= speaksFor ? 2 : 0.5
        reasons.push(`${feature}: ${z.toFixed(1)} spreads from its peers`)
      } else if (z < 1 && speaksFor) {
        ratio *= 0.7
        reasons.push(`${feature}: like its peers`)
      }
    }
    return { ratio, reasons }
  })
  return {
    node: 'fleet-peers',
    supports,
    summary:
      scores.size === 0
        ? `Fewer than ${fewestPeers} peers report these signals`
        : `Compared with ${peers.length} peers`,
  }
}

/** Robust z score of this vehicle among its peers, or undefined where too few of them report the signal. */
function deviation(
  signal: string,
  levels: Record<string, number>,
  peers: FleetPeersInput['peers'],
  floor: number,
): number | undefined {
  const own = levels[signal]
  const others = peers.flatMap((peer) => (peer.levels[signal] === undefined ? [] : [peer.levels[signal]]))
  if (own === undefined || others.length < fewestPeers) return undefined
  const middle = median(others)
  const spread = spreadAround(middle, others)
  return (own - middle) / Math.max(spread, floor)
}
