/** Devices at the platform's REST door, as the command line uses it. */
import { device } from '@pitcrew/contracts'
import { path, type Door } from './door.ts'
import { openDoor, type Target } from './locate.ts'

export class Devices {
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  async list(limit: string): Promise<device.Device[]> {
    return device.ListDevicesResponse.fromJSON(await this.#door.get('/v1/devices', { limit })).devices
  }

  async register(deviceId: string, vehicleIds: readonly string[]): Promise<device.RegisterDeviceResponse> {
    return device.RegisterDeviceResponse.fromJSON(await this.#door.post('/v1/devices', { deviceId, vehicleIds }))
  }

  async rotateKey(deviceId: string, overlapSeconds: number): Promise<string> {
    const answer = await this.#door.post(path`/v1/devices/${deviceId}/rotate-key`, { overlapSeconds })
    return device.RotateKeyResponse.fromJSON(answer).key
  }

  async revoke(deviceId: string): Promise<void> {
    await this.#door.post(path`/v1/devices/${deviceId}/revoke`, {})
  }
}

/** Throws Retryable NO_PLATFORM. */
export const openDevices = (target: Target): Devices => new Devices(openDoor(target))
