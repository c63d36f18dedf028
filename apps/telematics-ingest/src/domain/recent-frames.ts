/**
 * The frames that were accepted lately, per vehicle. It reaches further back than the broker's duplicate window, and a
 * late frame that was never seen still passes: what counts is the identity, not the order of the times.
 *
 * Owns: one bounded set per vehicle, vehicles in order of last use. Invariants:
 * 1. Only what the broker has acknowledged is in here; a frame that failed can be sent again.
 * 2. About `total` identities are held: the fewer the vehicles, the further back each one's memory reaches, and a vehicle
 *    that floods cannot push out the memory of another.
 */
export interface RecentFrames {
  has(vehicleId: string, identity: string): boolean
  add(vehicleId: string, identity: string): void
  /** How many identities are held. */
  size(): number
}

const leastPerVehicle = 16
const mostPerVehicle = 4096

export function recentFrames(total = 100_000): RecentFrames {
  const byVehicle = new Map<string, Set<string>>()

  const oldest = <T>(items: Iterable<T>): T => items[Symbol.iterator]().next().value as T
  const share = () => Math.min(mostPerVehicle, Math.max(leastPerVehicle, Math.floor(total / byVehicle.size)))

  return {
    has: (vehicleId, identity) => byVehicle.get(vehicleId)?.has(identity) ?? false,
    size: () => [...byVehicle.values()].reduce((sum, seen) => sum + seen.size, 0),
    add(vehicleId, identity) {
      const seen = byVehicle.get(vehicleId) ?? new Set()
      byVehicle.delete(vehicleId)
      byVehicle.set(vehicleId, seen)
      if (byVehicle.size > total / leastPerVehicle) byVehicle.delete(oldest(byVehicle.keys()))
      seen.add(identity)
      for (const allowed = share(); seen.size > allowed;) seen.delete(oldest(seen))
    },
  }
}
