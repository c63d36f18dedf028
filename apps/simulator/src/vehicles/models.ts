import { between, oneOf, seededRandom } from './random.ts'

/** What the fleet is made of: models with the plant that builds them and the maker's part of their VIN. */
const models = [
  { model: 'Civetta 1.6', plant: 'Betim', maker: '9PC', line: 'CVT16A' },
  { model: 'Lince 1.6 Flex', plant: 'Taubate', maker: '9PC', line: 'LNC16F' },
  { model: 'Garza 1.6', plant: 'Kolin', maker: 'TPC', line: 'GRZ16B' },
  { model: 'Tordo Van 1.6', plant: 'Setubal', maker: 'VPC', line: 'TRD16V' },
] as const

export interface Identity {
  vehicleId: string
  vin: string
  model: string
  modelYear: number
  buildMonth: string
  plant: string
  inServiceDate: string
}

const alphabet = 'ABCDEFGHJKLMNPRSTUVWXYZ'

/** The papers of a synthetic vehicle: always the same for the same id. The serial number in the VIN comes from the id. */
export function identityOf(vehicleId: string): Identity {
  const random = seededRandom(`papers ${vehicleId}`)
  const { model, plant, maker, line } = oneOf(random, models)
  const year = Math.floor(between(random, 2019, 2025))
  const month = Math.floor(between(random, 1, 13))
  const serial = Array.from({ length: 6 }, () => Math.floor(random() * 10)).join('')
  const inService = new Date(
    Date.UTC(year, month - 1 + Math.floor(between(random, 1, 5)), Math.floor(between(random, 1, 28))),
  )
  return {
    vehicleId,
    vin: `${maker}${line}${oneOf(random, [...alphabet])}${oneOf(random, [...alphabet])}${serial}`,
    model,
    modelYear: year,
    buildMonth: `${year}-${String(month).padStart(2, '0')}`,
    plant,
    inServiceDate: inService.toISOString().slice(0, 10),
  }
}
