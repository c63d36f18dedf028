import type { vehicle } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'
import type { VehicleRegister } from './ports.ts'

/** Event telemetry.vehicle.registered: which vehicles are peers, and what a case says of its vehicle. */
export function onVehicleRegistered(register: Pick<VehicleRegister, 'save'>) {
  return async ({ message, time }: Pick<Delivery<vehicle.Vehicle>, 'message' | 'time'>): Promise<void> => {
    if (message.vehicleId === '')
      throw new Terminal('VEHICLE_WITHOUT_ID', 'a registered vehicle has a vehicle_id; found an empty one', {
        hint: 'register the vehicle again with its id',
      })
    await register.save(message, time)
  }
}
