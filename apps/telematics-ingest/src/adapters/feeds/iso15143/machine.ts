import { z } from 'zod'
import { idFrom, isVin } from '../known-vehicles.ts'
import type { ProviderVehicle } from '../value-frames.ts'

/** What an EquipmentHeader says of a machine; '' for what it does not say. */
export interface Machine {
  make: string
  model: string
  serial: string
  equipmentId: string
  pin: string
}

const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => (value ?? '').trim().slice(0, 200))

export const headerSchema = z
  .object({ oemname: text, model: text, serialnumber: text, equipmentid: text, pin: text })
  .transform(({ oemname: make, model, serialnumber: serial, equipmentid: equipmentId, pin }): Machine => {
    return { make, model, serial, equipmentId, pin: pin.toUpperCase() }
  })

/** Undefined when nothing in the header tells this machine from another. A PIN of 17 characters is taken for its VIN. */
export function vehicleOf({ make, model, serial, equipmentId, pin }: Machine): ProviderVehicle | undefined {
  if (isVin(pin)) return { id: pin, vin: pin }
  if (pin !== '') return { id: idFrom(pin), vin: pin }
  if (make !== '' && serial !== '') return { id: idFrom(make, model, serial), vin: isVin(serial) ? serial : '' }
  return equipmentId === '' ? undefined : { id: idFrom(make, equipmentId), vin: '' }
}
