import { engagement, scheduling, vehicle } from '@pitcrew/contracts'
import { identityOf } from '../vehicles/models.ts'
import { centres } from './centres.ts'
import type { Persona } from '../customers/index.ts'
import { ownerOf, personaAt } from './owners.ts'
import { publicDoor, type PublicDoor, type PublicDoorOptions } from './public-door.ts'

export interface SeedOptions extends PublicDoorOptions {
  /** How many, or which. */
  vehicles: number | readonly string[]
  /** Of the ids when a number is given: "sim" makes sim-001, sim-002, ... */
  prefix?: string
  /** The persona of every customer; default: mostly those who accept. */
  persona?: Persona
}

export interface Seeded {
  vehicleIds: string[]
  customers: number
  centres: number
}

/** How many vehicles are sent at one time. */
const atOnce = 8

/**
 * Registers vehicles, an owner for each and the service centres over the platform's public doors. Can be run again: the same
 * ids give the same records. Throws Terminal SEED_REFUSED or Retryable GATEWAY_UNAVAILABLE.
 */
export async function seedFleet(options: SeedOptions): Promise<Seeded> {
  const { vehicles, prefix = 'sim', persona } = options
  const vehicleIds = typeof vehicles === 'number' ? vehicleIdsOf(vehicles, prefix) : [...vehicles]
  const door = publicDoor(options)
  for (const centre of centres) await door.post('/v1/centres', scheduling.Centre.toJSON(centre))
  const waiting = vehicleIds.entries()
  const worker = async () => {
    for (const [index, vehicleId] of waiting) await seedVehicle(door, vehicleId, persona ?? personaAt(index))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { vehicleIds, customers: vehicleIds.length, centres: centres.length }
}

export async function seedVehicle(door: PublicDoor, vehicleId: string, persona: Persona): Promise<void> {
  await door.post('/v1/vehicles', vehicle.Vehicle.toJSON(identityOf(vehicleId)))
  await door.post('/v1/customers', engagement.Customer.toJSON(ownerOf(vehicleId, persona)))
}

export function vehicleIdsOf(count: number, prefix = 'sim'): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${String(i + 1).padStart(3, '0')}`)
}
