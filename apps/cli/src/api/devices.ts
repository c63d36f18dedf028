/** Devices at the platform's REST door, as the command line uses it. */
import { device } from '@pitcrew/contracts'
import { askJson, type HttpOptions } from './http.ts'
import { openGateway, type Target } from './locate.ts'

export class Devices {
  readonly #url: string
  readonly #options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.#url = url
    this.#options = options
  }

  async list(limit: string): Promise<device.Device[]> {
    const search = new URLSearchParams({ limit }).toString()
    return device.ListDevicesResponse.fromJSON(await askJson(`${this.#url}/v1/devices?${search}`, this.#options))
      .devices
  }

  async register(deviceId: string, vehicleIds: readonly string[]): Promise<device.RegisterDeviceResponse> {
    return device.RegisterDeviceResponse.fromJSON(await this.#post('', { deviceId, vehicleIds }))
  }

  async rotateKey(deviceId: string, overlapSeconds: number): Promise<string> {
    const answer = await this.#post(`/${encodeURIComponent(deviceId)}/rotate-key`, { overlapSeconds })
    return device.RotateKeyResponse.fromJSON(answer).key
  }

  async revoke(deviceId: string): Promise<void> {
    await this.#post(`/${encodeURIComponent(deviceId)}/revoke`, {})
  }

  #post(path: string, body: unknown): Promise<unknown> {
    return askJson(`${this.#url}/v1/devices${path}`, { ...this.#options, method: 'POST', body })
  }
}

/** Throws Retryable NO_PLATFORM. */
export function openDevices(target: Target): Devices {
  return new Devices(openGateway(target).url, { token: process.env.PITCREW_TOKEN || undefined })
}
