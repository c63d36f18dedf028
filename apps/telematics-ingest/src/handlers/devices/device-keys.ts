/**
 * Keys of devices: 256 random bits each, so a plain SHA-256 of one cannot be turned back by guessing. The key is shown once,
 * to whoever asked for it; what is stored is the digest.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'
import { checkedDeviceId, checkedVehicleIds, type Device } from '../../domain/devices/device.ts'
import type { DeviceStore, StoredDevice } from './ports.ts'

export interface DeviceKeys {
  /** Terminal BAD_DEVICE_ID, NO_VEHICLES, BAD_VEHICLE_ID, ALREADY_EXISTS. */
  register(deviceId: string, vehicleIds: readonly string[]): Promise<{ device: Device; key: string }>
  /** Terminal NOT_FOUND, BAD_OVERLAP. */
  rotate(deviceId: string, overlapSeconds: number): Promise<string>
  /** Terminal NOT_FOUND. */
  revoke(deviceId: string): Promise<void>
}

const longestOverlapS = 7 * 86_400

export function deviceKeys(store: DeviceStore, now: () => number): DeviceKeys {
  return {
    async register(given, vehicleIds) {
      const deviceId = given === '' ? `d-${randomBytes(9).toString('base64url')}` : checkedDeviceId(given)
      const key = newKey()
      const device: StoredDevice = {
        deviceId,
        vehicleIds: checkedVehicleIds(vehicleIds),
        status: 'active',
        createdMs: now(),
        lastSeenMs: 0,
        keyDigest: digestOf(key),
      }
      if (await store.add(device)) return { device, key }
      throw new Terminal('ALREADY_EXISTS', `device ${deviceId} is registered`, {
        hint: 'rotate its key if it is lost, or revoke the device first',
      })
    },
    async rotate(deviceId, overlapSeconds) {
      if (overlapSeconds > longestOverlapS)
        throw new Terminal('BAD_OVERLAP', `overlap is ${overlapSeconds} s: expected at most ${longestOverlapS}`)
      const key = newKey()
      if (await store.replaceKey(deviceId, digestOf(key), now() + overlapSeconds * 1_000)) return key
      throw unknown(deviceId)
    },
    async revoke(deviceId) {
      if (!(await store.revoke(deviceId))) throw unknown(deviceId)
    },
  }
}

/** Whether the device is in use and this is its key, or the one before within its time. Takes the same time either way. */
export function isGood({ status, keyDigest, previous }: StoredDevice, key: string, nowMs: number): boolean {
  const digest = digestOf(key)
  const current = timingSafeEqual(digest, keyDigest)
  const before = timingSafeEqual(digest, previous?.keyDigest ?? nobodys) && (previous?.untilMs ?? 0) > nowMs
  return status === 'active' && (current || before)
}

const newKey = () => randomBytes(32).toString('base64url')

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest()

const nobodys = randomBytes(32)

const unknown = (deviceId: string) =>
  new Terminal('NOT_FOUND', `there is no active device ${deviceId.slice(0, 64)}`, {
    hint: './pitcrew devices list, or GET /v1/devices, names those that there are; one that was revoked has to be registered anew',
  })
