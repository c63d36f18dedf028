import type { Device } from '../../domain/devices/device.ts'

export interface StoredDevice extends Device {
  /** SHA-256 of the key. */
  keyDigest: Buffer
  /** Of the key before, which is good until then. */
  previous?: { keyDigest: Buffer; untilMs: number }
}

export interface DeviceStore {
  /** False when there is an active device of that name. One that was revoked is registered anew. */
  add(device: StoredDevice): Promise<boolean>
  find(deviceId: string): Promise<StoredDevice | undefined>
  /** False when there is no active device of that name. */
  replaceKey(deviceId: string, keyDigest: Buffer, previousUntilMs: number): Promise<boolean>
  revoke(deviceId: string): Promise<boolean>
  /** Newest first. */
  list(limit: number): Promise<Device[]>
  sawAt(times: ReadonlyMap<string, number>): Promise<void>
}
