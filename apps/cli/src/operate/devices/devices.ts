/** L1: who may send telemetry. A key is printed once, when it is made. */
import { device } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { openDevices } from '../../api/devices.ts'
import type { Target } from '../../api/locate.ts'
import { green, red } from '../../print/colour.ts'
import { table } from '../../print/table.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'

interface Options extends Target {
  json?: boolean
}

export async function listDevices({ limit, ...options }: Options & { limit: string }): Promise<void> {
  const devices = await openDevices(options).list(limit)
  if (options.json) return json(devices)
  if (devices.length === 0) return line('no device is registered: ./pitcrew devices register --help')
  const rows = devices.map(({ deviceId, vehicleIds, status, createdTimeMs, lastSeenTimeMs }) => [
    deviceId,
    status === device.DeviceStatus.REVOKED ? red('revoked') : green('active'),
    vehicleIds.includes('*') ? 'any' : vehicleIds.join(' '),
    time(createdTimeMs),
    lastSeenTimeMs === 0 ? 'never' : time(lastSeenTimeMs),
  ])
  line(table(['device', 'state', 'speaks for', 'registered', 'last seen'], rows))
}

const time = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

export async function registerDevice(
  deviceId: string | undefined,
  { vehicle, ...options }: Options & { vehicle: string[] },
): Promise<void> {
  const { device: made, key } = await openDevices(options).register(deviceId ?? '', vehicle)
  if (options.json) return json({ device: made, key })
  line(tick('ok', made?.deviceId ?? '', { words: 'registered; the key is shown this once' }))
  tellKey(made?.deviceId ?? '', key)
}

export async function rotateKey(
  deviceId: string,
  { overlap, ...options }: Options & { overlap: string },
): Promise<void> {
  const key = await openDevices(options).rotateKey(deviceId, seconds(overlap))
  if (options.json) return json({ deviceId, key })
  line(tick('ok', deviceId, { words: `has a new key, shown this once; the one before ends in ${overlap} s` }))
  tellKey(deviceId, key)
}

export async function revokeDevice(deviceId: string, options: Options): Promise<void> {
  await openDevices(options).revoke(deviceId)
  if (options.json) return json({ deviceId, revoked: true })
  line(tick('ok', deviceId, { words: 'is refused within seconds' }))
}

function tellKey(deviceId: string, key: string): void {
  line(`\n  key    ${key}`)
  line(`  HTTP   Authorization: Bearer ${deviceId}.${key}`)
  line(`  MQTT   user name ${deviceId}, the key as password, topic devices/${deviceId}/telemetry, QoS 1`)
}

function seconds(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  throw new Terminal('BAD_USAGE', `--overlap is "${text}": expected whole seconds, 0 or more`)
}
