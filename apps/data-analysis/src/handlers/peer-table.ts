/**
 * Owns: how each monitor stands in vehicles of one model and age, made anew every so often from the stored states.
 * 1. A table is of the latest states of a bounded number of vehicles of a model, whatever the size of the fleet.
 * 2. Until the first one is made nobody is judged by peers.
 */
import { peerGroupOf, peerLevelsOf, type PeerLevels, type VehicleState } from '../domain/index.ts'

export interface PeerState {
  vehicleModel: string
  /** Unix milliseconds of its first registration; undefined when unknown. */
  inServiceMs: number | undefined
  monitors: VehicleState['monitors']
}

export interface PeerStates {
  /** The latest of each model, at most `perModel`; of vehicles whose model is known. */
  latest(perModel: number): Promise<PeerState[]>
}

export interface PeerTable {
  refresh(): Promise<void>
  /** Undefined while too little is known. */
  levels(vehicleModel: string, inServiceMs: number | undefined): PeerLevels | undefined
}

const perModel = 60

export function peerTable(states: PeerStates, now: () => number): PeerTable {
  let tables = new Map<string, PeerLevels>()
  const groupOf = ({ vehicleModel, inServiceMs }: Pick<PeerState, 'vehicleModel' | 'inServiceMs'>) =>
    peerGroupOf(vehicleModel, inServiceMs === undefined ? undefined : now() - inServiceMs)
  return {
    async refresh() {
      const groups = Map.groupBy(await states.latest(perModel), groupOf)
      tables = new Map([...groups].map(([group, members]) => [group, peerLevelsOf(members)]))
    },
    levels: (vehicleModel, inServiceMs) =>
      vehicleModel === '' ? undefined : tables.get(groupOf({ vehicleModel, inServiceMs })),
  }
}
