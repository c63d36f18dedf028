/** What a vehicle is judged by that is not in its own telemetry: given by whoever holds the vehicle, never stored with it. */
import type { AlertRule } from './alert-rules/rule.ts'
import type { ServedModel } from './models/served-model.ts'
import type { PeerLevels } from './peers.ts'
import type { DuePlan } from './planned-maintenance/due-findings.ts'

export interface Surroundings {
  /** Of the vehicle as it was registered; '' when it was not. */
  vehicleModel: string
  /** Unix milliseconds of its first registration; undefined when unknown. */
  inServiceMs: number | undefined
  /** Of its model and age; absent while too few of them are known. */
  peers?: PeerLevels
  /** The models that serve it, at most one of each name. */
  served: readonly ServedModel[]
  /** Those in force that can concern it. */
  rules: readonly AlertRule[]
  /** Services that are due and to be told of; absent for none. */
  due?: readonly DuePlan[]
}

export const alone: Surroundings = { vehicleModel: '', inServiceMs: undefined, served: [], rules: [] }
