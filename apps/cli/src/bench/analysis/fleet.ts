/** A fleet in memory: many vehicles whose frames come in turn, so that no state is at hand when its frame arrives. */
import { detection } from '@pitcrew/data-analysis'
import type { SignalFrame } from '@pitcrew/signals'
import { createSyntheticVehicle, faults, inject } from '@pitcrew/simulator'

const { createVehicleState, startMs, watch } = detection

/** Drives that differ; vehicles share them, for frames come from elsewhere in a service and only states are kept. */
const drives = 40
/** One drive in so many has a fault: a detector that speaks costs more than one that is silent. */
const faultyEvery = 20

export interface Fleet {
  vehicles: number
  signals: number
  states: detection.VehicleState[]
  /** Advances every vehicle by one second; gives the number of decisions about alerts. */
  second(): number
}

/** `seconds`: how often `second` may be called. */
export function createBenchFleet(vehicles: number, seconds: number): Fleet {
  const recorded = Array.from({ length: drives }, (_, index) => drive(index, seconds))
  const states = Array.from({ length: vehicles }, (_, index) => createVehicleState(`bench-${index}`))
  let at = 0
  return {
    vehicles,
    signals: Object.keys(recorded[0]![0]!.values).length,
    states,
    second() {
      let decisions = 0
      for (let index = 0; index < vehicles; index++)
        decisions += watch(states[index]!, recorded[index % drives]![at]!).decisions.length
      at++
      return decisions
    },
  }
}

function drive(index: number, seconds: number): SignalFrame[] {
  const next = createSyntheticVehicle(`bench-${index}`)
  const overlay =
    index % faultyEvery === 0 ? inject(faults[(index / faultyEvery) % faults.length]!.name, { onset: 30 }) : undefined
  return Array.from({ length: seconds }, (_, second) => {
    const frame = next(startMs + second * 1_000)
    return overlay?.(frame) ?? frame
  })
}
