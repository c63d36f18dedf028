import type { engagement } from '@pitcrew/contracts'
import type { Persona } from './persona.ts'

const names = [
  'Ana Souza',
  'Bruno Lima',
  'Clara Nunes',
  'David Miller',
  'Elena Rossi',
  'Farid Karimi',
  'Grace Okafor',
  'Hugo Silva',
]

export interface SimulatedCustomer {
  persona: Persona
  /** Makes the address unique: letters, digits and hyphens. */
  id: string
  vehicleIds: string[]
  /** Default "en". */
  language?: 'en' | 'pt-BR'
  /** Default America/Sao_Paulo. */
  timeZone?: string
}

/** The record of a simulated customer, for UpsertCustomer. Nobody sleeps in a simulation: quiet hours are empty. */
export function customerRecord({
  persona,
  id,
  vehicleIds,
  language = 'en',
  timeZone = 'America/Sao_Paulo',
}: SimulatedCustomer): engagement.Customer {
  const name = names[[...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % names.length]!
  return {
    customerId: `customer-${id}`,
    name,
    email: `${persona}.${id}@customers.example`,
    phone: '',
    language,
    timeZone,
    channels: ['CHANNEL_EMAIL'],
    consents: ['CHANNEL_EMAIL'],
    vehicleIds,
    quietFrom: '00:00',
    quietUntil: '00:00',
  }
}
