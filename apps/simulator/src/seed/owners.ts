import type { engagement } from '@pitcrew/contracts'
import { customerRecord, type Persona } from '../customers/index.ts'
import { oneOf, seededRandom } from '../vehicles/random.ts'

const places = [
  { language: 'pt-BR', timeZone: 'America/Sao_Paulo' },
  { language: 'en', timeZone: 'UTC' },
] as const

/** Of ten owners seven accept; one each wants another time, declines and stays silent. */
export function personaAt(index: number): Persona {
  const tenth: Partial<Record<number, Persona>> = { 4: 'other-time', 7: 'declines', 9: 'silent' }
  return tenth[index % 10] ?? 'accepts'
}

/** The owner of a vehicle: always the same for the same vehicle. */
export function ownerOf(vehicleId: string, persona: Persona): engagement.Customer {
  const place = oneOf(seededRandom(`owner ${vehicleId}`), places)
  return customerRecord({ ...place, persona, id: vehicleId, vehicleIds: [vehicleId] })
}
