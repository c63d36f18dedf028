import type { vehicle } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Delivery } from '@pitcrew/messaging'

export interface FleetRegister {
  save(subject: vehicle.Vehicle, observedFrom: string): Promise<void>
}

/** Event telemetry.vehicle.registered: exposure for every rate. */
export function onVehicleRegistered(register: FleetRegister) {
  return async ({ message, time }: Pick<Delivery<vehicle.Vehicle>, 'message' | 'time'>): Promise<void> => {
    if (message.vehicleId === '') {
      throw new Terminal('VEHICLE_WITHOUT_ID', 'a registered vehicle has a vehicle_id; found an empty one', {
        hint: 'register the vehicle again with its id',
      })
    }
    await register.save(message, time)
  }
}
