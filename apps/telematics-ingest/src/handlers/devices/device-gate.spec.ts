import { describe, expect, test } from '@jest/globals'
import { Retryable } from '@pitcrew/errors'
import { deviceGate, type DeviceAuth } from './device-gate.ts'
import { deviceKeys } from './device-keys.ts'
import type { DeviceStore, StoredDevice } from './ports.ts'

/** The table, in memory. */
function devices() {
  const rows = new Map<string, StoredDevice>()
  const active = (deviceId: string) => {
    const row = rows.get(deviceId)
    return row?.status === 'active' ? row : undefined
  }
  const asked = { count: 0, away: false }
  const store: DeviceStore = {
    async add(device) {
      if (active(device.deviceId)) return false
      rows.set(device.deviceId, { ...device })
      return true
    },
    async find(deviceId) {
      asked.count += 1
      if (asked.away) throw new Retryable('DATABASE_UNAVAILABLE', 'away')
      const row = rows.get(deviceId)
      return row && { ...row }
    },
    async replaceKey(deviceId, keyDigest, untilMs) {
      const row = active(deviceId)
      if (row) Object.assign(row, { keyDigest, previous: { keyDigest: row.keyDigest, untilMs } })
      return row !== undefined
    },
    async revoke(deviceId) {
      const row = active(deviceId)
      if (row) row.status = 'revoked'
      return row !== undefined
    },
    list: async () => [...rows.values()],
    sawAt: async () => undefined,
  }
  return { store, asked }
}

function world(mode: DeviceAuth = 'required') {
  let time = 1_000_000
  const now = () => time
  const { store, asked } = devices()
  return {
    asked,
    keys: deviceKeys(store, now),
    gate: deviceGate(store, mode, now, { most: 10 }),
    pass: (ms: number) => void (time += ms),
  }
}

const refused = expect.objectContaining({ kind: 'terminal', code: 'UNAUTHENTICATED' })

describe('N5 who is at the door', () => {
  test('a device with its key is known, with the vehicles that it may speak for', async () => {
    const { keys, gate } = world()
    const { key } = await keys.register('d1', ['v1', 'v2'])
    const sender = await gate.admit(`Bearer d1.${key}`)
    expect(sender).toEqual({ kind: 'device', deviceId: 'd1', vehicles: new Set(['v1', 'v2']) })
    expect([...gate.takeSeen().keys()]).toEqual(['d1'])
    expect(gate.takeSeen().size).toBe(0)
  })

  test.each([
    ['no credentials', () => undefined],
    ['another scheme', (key: string) => `Basic ${key}`],
    ['a wrong key', (key: string) => `Bearer d1.${key.slice(1)}x`],
    ['an unknown device', (key: string) => `Bearer d2.${key}`],
    ['a key without device', (key: string) => `Bearer ${key}`],
    ['much of it', () => `Bearer d1.${'x'.repeat(10_000)}`],
  ])('%s is nobody', async (_, credentials) => {
    const { keys, gate } = world()
    const { key } = await keys.register('d1', ['*'])
    await expect(gate.admit(credentials(key))).rejects.toEqual(refused)
  })

  test('optional lets in who shows nothing, and holds to it who shows something', async () => {
    const { keys, gate } = world('optional')
    await keys.register('d1', ['v1'])
    expect(await gate.admit(undefined)).toEqual({ kind: 'anonymous' })
    await expect(gate.admit('Bearer d1.wrong')).rejects.toEqual(refused)
    expect(await world('off').gate.admit('Bearer d1.wrong')).toEqual({ kind: 'anonymous' })
  })

  test('a revoked device is out two seconds later at the latest, with every key that it had', async () => {
    const { keys, gate, pass } = world()
    const { key } = await keys.register('d1', ['v1'])
    await gate.admitKey('d1', key)
    await keys.revoke('d1')
    pass(2_001)
    await expect(gate.admitKey('d1', key)).rejects.toEqual(refused)
    await expect(gate.stillAdmitted('d1')).rejects.toEqual(refused)
    const { key: anew } = await keys.register('d1', ['v1'])
    pass(2_001)
    await expect(gate.admitKey('d1', key)).rejects.toEqual(refused)
    expect(await gate.admitKey('d1', anew)).toMatchObject({ deviceId: 'd1' })
  })

  test('a key that was replaced is good for the overlap, and no longer', async () => {
    const { keys, gate, pass } = world()
    const { key: first } = await keys.register('d1', ['v1'])
    const second = await keys.rotate('d1', 60)
    for (const key of [first, second]) expect(await gate.admitKey('d1', key)).toMatchObject({ deviceId: 'd1' })
    pass(60_001)
    await expect(gate.admitKey('d1', first)).rejects.toEqual(refused)
    expect(await gate.admitKey('d1', second)).toMatchObject({ deviceId: 'd1' })
  })

  test('the database is asked once by many, and not at all for two seconds', async () => {
    const { keys, gate, asked, pass } = world()
    const { key } = await keys.register('d1', ['v1'])
    await Promise.all(Array.from({ length: 50 }, () => gate.admitKey('d1', key)))
    expect(asked.count).toBe(1)
    pass(2_001)
    await gate.admitKey('d1', key)
    expect(asked.count).toBe(2)
  })

  test('while the database is away a known device is let in for a minute, an unknown one never', async () => {
    const { keys, gate, asked, pass } = world()
    const { key } = await keys.register('d1', ['v1'])
    await gate.admitKey('d1', key)
    asked.away = true
    pass(59_000)
    expect(await gate.admitKey('d1', key)).toMatchObject({ deviceId: 'd1' })
    await expect(gate.admitKey('d2', key)).rejects.toMatchObject({ kind: 'retryable' })
    pass(2_000)
    await expect(gate.admitKey('d1', key)).rejects.toMatchObject({ kind: 'retryable' })
  })

  test.each([
    ['BAD_DEVICE_ID', 'a.b', ['v1']],
    ['NO_VEHICLES', 'd2', []],
    ['BAD_VEHICLE_ID', 'd2', ['v 1']],
    ['ALREADY_EXISTS', 'd1', ['v1']],
  ])('registering answers %s for %s and %o', async (code, deviceId, vehicleIds) => {
    const { keys } = world()
    await keys.register('d1', ['*'])
    await expect(keys.register(deviceId, vehicleIds)).rejects.toMatchObject({ kind: 'terminal', code })
  })
})
