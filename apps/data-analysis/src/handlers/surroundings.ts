/**
 * Owns: what is known around vehicles, read together and kept until something of it changes.
 * `edition` grows with every change, so that who keeps a vehicle's surroundings sees when they are old.
 */
import { alone, rulesFor, type AlertRule, type Surroundings } from '../domain/index.ts'
import type { RuleStore } from './alerting/ports.ts'
import type { ServedModels } from './models/served-models.ts'
import type { DuePlans } from './planned-maintenance/due-plans.ts'
import type { PeerTable } from './peer-table.ts'
import type { VehicleRegister } from './ports.ts'

const none: readonly never[] = []

export interface SurroundingsSource {
  edition(): number
  of(vehicleIds: readonly string[]): Promise<Map<string, Surroundings>>
}

export interface SurroundingsParts {
  models: ServedModels
  rules: Pick<RuleStore, 'inForce'>
  register: Pick<VehicleRegister, 'registered'>
  peers: Pick<PeerTable, 'levels'>
  /** Planned maintenance; absent where there is none. */
  duePlans?: DuePlans
  now(): number
}

export function surroundingsOf({
  models,
  rules,
  register,
  peers,
  duePlans,
  now,
}: SurroundingsParts): SurroundingsSource & {
  refresh(): Promise<void>
} {
  let edition = 0
  let inForce: AlertRule[] = []
  return {
    edition: () => edition,
    async refresh() {
      const before = JSON.stringify(inForce)
      inForce = await rules.inForce(now())
      const newRules = JSON.stringify(inForce) !== before
      const newModels = await models.refresh()
      const newPlans = (await duePlans?.refresh()) ?? false
      if (newModels || newRules || newPlans) edition++
    },
    async of(vehicleIds) {
      const registered = await register.registered(vehicleIds)
      const due = await duePlans?.of(vehicleIds)
      const known = new Map(registered.map((one) => [one.vehicleId, one]))
      return new Map(
        vehicleIds.map((vehicleId) => {
          const { model: vehicleModel = '', inServiceDate = '' } = known.get(vehicleId) ?? {}
          const inServiceMs = inServiceDate === '' ? undefined : Date.parse(inServiceDate)
          const served = models.servedTo(vehicleId, vehicleModel)
          const forIt = rulesFor(inForce, vehicleId, vehicleModel)
          const levels = peers.levels(vehicleModel, inServiceMs)
          const common = { vehicleModel, inServiceMs, served, rules: forIt, due: due?.get(vehicleId) ?? none }
          return [vehicleId, levels === undefined ? common : { ...common, peers: levels }]
        }),
      )
    },
  }
}

/** The fake for tests: every vehicle is alone. */
export const nothingAround: SurroundingsSource = {
  edition: () => 0,
  of: async (vehicleIds) => new Map(vehicleIds.map((vehicleId) => [vehicleId, alone])),
}
