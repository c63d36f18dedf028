/**
 * Who is at the door. Owns: what is remembered of devices, and for how long.
 *
 * Invariants:
 * 1. A revocation or a new key counts everywhere at most `freshMs` later: nothing older is used while the database answers.
 * 2. While the database does not answer, what was known is used for at most `staleMs`; then nobody is let in.
 * 3. At most `most` devices are remembered, and those that do not exist among them; of one that is asked for at once by many
 *    the database hears once.
 * 4. Which of "no such device", "revoked" and "wrong key" it was is not told.
 */
import { Terminal } from '@pitcrew/errors'
import { vehiclesOf } from '../../domain/devices/device.ts'
import { anonymous, type Sender } from '../../domain/devices/sender.ts'
import { isGood } from './device-keys.ts'
import type { DeviceStore, StoredDevice } from './ports.ts'

/** `optional`: who shows a key is held to it; who shows none is let in. */
export type DeviceAuth = 'off' | 'optional' | 'required'

export interface DeviceGate {
  readonly mode: DeviceAuth
  /** `authorization`: as in HTTP, "Bearer <device id>.<key>". Terminal UNAUTHENTICATED. */
  admit(authorization: string | undefined): Promise<Sender>
  /** Terminal UNAUTHENTICATED. */
  admitKey(deviceId: string, key: string): Promise<Sender>
  /** A device whose key the broker has checked with us when it connected. Terminal UNAUTHENTICATED. */
  stillAdmitted(deviceId: string): Promise<Sender>
  /** When each device was heard of since the last call, Unix milliseconds. */
  takeSeen(): Map<string, number>
}

interface Known {
  device: StoredDevice | undefined
  atMs: number
  asking?: Promise<StoredDevice | undefined>
}

export interface GateOptions {
  freshMs?: number
  staleMs?: number
  most?: number
}

export function deviceGate(
  store: Pick<DeviceStore, 'find'>,
  mode: DeviceAuth,
  now: () => number,
  { freshMs = 2_000, staleMs = 60_000, most = 50_000 }: GateOptions = {},
): DeviceGate {
  const known = new Map<string, Known>()
  let seen = new Map<string, number>()

  async function ask(deviceId: string, entry: Known): Promise<StoredDevice | undefined> {
    try {
      const askedMs = now()
      entry.device = await store.find(deviceId)
      entry.atMs = askedMs
    } catch (thrown) {
      if (now() - entry.atMs > staleMs) throw thrown
    } finally {
      entry.asking = undefined
    }
    return entry.device
  }

  async function find(deviceId: string): Promise<StoredDevice | undefined> {
    const entry: Known = known.get(deviceId) ?? { device: undefined, atMs: -Infinity }
    if (now() - entry.atMs <= freshMs) return entry.device
    known.delete(deviceId)
    known.set(deviceId, entry)
    if (known.size > most) known.delete(known.keys().next().value!)
    return (entry.asking ??= ask(deviceId, entry))
  }

  function senderOf({ deviceId, vehicleIds }: StoredDevice): Sender {
    seen.set(deviceId, now())
    return { kind: 'device', deviceId, vehicles: vehiclesOf(vehicleIds) }
  }

  async function admitKey(deviceId: string, key: string): Promise<Sender> {
    const device = await find(deviceId.slice(0, 65))
    if (device === undefined || !isGood(device, key, now())) throw unauthenticated()
    return senderOf(device)
  }

  return {
    mode,
    admitKey,
    async admit(authorization) {
      if (mode === 'off') return anonymous
      if (authorization === undefined || authorization === '') {
        if (mode === 'optional') return anonymous
        throw unauthenticated()
      }
      const [, deviceId, key] = /^Bearer +([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,256})$/i.exec(authorization) ?? []
      if (deviceId === undefined || key === undefined) throw unauthenticated()
      return admitKey(deviceId, key)
    },
    async stillAdmitted(deviceId) {
      if (mode === 'off') return anonymous
      const device = await find(deviceId)
      if (device?.status !== 'active') throw unauthenticated()
      return senderOf(device)
    },
    takeSeen() {
      const taken = seen
      seen = new Map()
      return taken
    },
  }
}

const unauthenticated = () =>
  new Terminal('UNAUTHENTICATED', 'no active device is known by that id and key', {
    hint: 'send "Authorization: Bearer <device id>.<key>" of a registered device',
  })
