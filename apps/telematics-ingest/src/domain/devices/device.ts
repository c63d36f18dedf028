/** A device that sends telemetry, and what its registration may say. */
import { Terminal } from '@pitcrew/errors'
import { isVehicleId } from '../refuse-whole.ts'
import { quote } from '../refusal.ts'
import type { Vehicles } from './sender.ts'

export interface Device {
  deviceId: string
  /** "*" is any. */
  vehicleIds: readonly string[]
  status: 'active' | 'revoked'
  createdMs: number
  /** 0: never. */
  lastSeenMs: number
}

const deviceIdPattern = /^[A-Za-z0-9_-]{1,64}$/
const mostVehicles = 1_000

/** No dot: it ends where the key begins, and is one level of an MQTT topic. */
export const isDeviceId = (text: string): boolean => deviceIdPattern.test(text)

export const vehiclesOf = (vehicleIds: readonly string[]): Vehicles =>
  vehicleIds.includes('*') ? 'any' : new Set(vehicleIds)

/** Terminal BAD_DEVICE_ID. */
export function checkedDeviceId(deviceId: string): string {
  if (isDeviceId(deviceId)) return deviceId
  throw new Terminal('BAD_DEVICE_ID', `device id is ${quote(deviceId)}: expected 1 to 64 of A-Z a-z 0-9 _ -`)
}

/** Terminal NO_VEHICLES, BAD_VEHICLE_ID, TOO_MANY_VEHICLES. */
export function checkedVehicleIds(vehicleIds: readonly string[]): string[] {
  if (vehicleIds.length === 0)
    throw new Terminal('NO_VEHICLES', 'the device has no vehicle to speak for: expected at least one', {
      hint: 'name its vehicles, or "*" for any',
    })
  if (vehicleIds.length > mostVehicles)
    throw new Terminal(
      'TOO_MANY_VEHICLES',
      `${vehicleIds.length} vehicles are named: expected at most ${mostVehicles}`,
      {
        hint: 'a gateway of a fleet may speak for "*"',
      },
    )
  const wrong = vehicleIds.find((id) => id !== '*' && !isVehicleId(id))
  if (wrong !== undefined)
    throw new Terminal('BAD_VEHICLE_ID', `vehicle id is ${quote(wrong)}: expected 1 to 64 of A-Z a-z 0-9 . _ -, or "*"`)
  return [...new Set(vehicleIds)]
}
