import type { Database } from '@pitcrew/database'
import type { Device } from '../../domain/devices/device.ts'
import type { DeviceStore, StoredDevice } from '../../handlers/devices/ports.ts'

interface DeviceRow {
  device_id: string
  vehicle_ids: string[]
  status: Device['status']
  key_digest: Uint8Array
  previous_digest: Uint8Array | null
  previous_until: Date | string | null
  created_at: Date | string
  last_seen_at: Date | string | null
}

const add = `
  insert into ingest.device as d (device_id, vehicle_ids, status, key_digest, created_at)
  values ($1, $2, 'active', $3, $4)
  on conflict (device_id) do update set
    vehicle_ids = excluded.vehicle_ids, status = 'active', key_digest = excluded.key_digest,
    previous_digest = null, previous_until = null, created_at = excluded.created_at, last_seen_at = null
  where d.status = 'revoked'
  returning device_id`

const replaceKey = `
  update ingest.device set previous_digest = key_digest, previous_until = $3, key_digest = $2
  where device_id = $1 and status = 'active'
  returning device_id`

const revoke = `
  update ingest.device set status = 'revoked', previous_digest = null, previous_until = null
  where device_id = $1 and status = 'active'
  returning device_id`

const sawAt = `
  update ingest.device d set last_seen_at = s.at
  from unnest($1::text[], $2::timestamptz[]) as s(device_id, at)
  where d.device_id = s.device_id`

export function deviceStore(database: Database): DeviceStore {
  return {
    async add({ deviceId, vehicleIds, keyDigest, createdMs }) {
      return (await database.query(add, [deviceId, [...vehicleIds], keyDigest, iso(createdMs)])).length > 0
    },
    async find(deviceId) {
      const [row] = await database.query<DeviceRow>('select * from ingest.device where device_id = $1', [deviceId])
      return row && storedDevice(row)
    },
    async replaceKey(deviceId, keyDigest, previousUntilMs) {
      return (await database.query(replaceKey, [deviceId, keyDigest, iso(previousUntilMs)])).length > 0
    },
    async revoke(deviceId) {
      return (await database.query(revoke, [deviceId])).length > 0
    },
    async list(limit) {
      const select = 'select * from ingest.device order by created_at desc, device_id limit $1'
      return (await database.query<DeviceRow>(select, [limit])).map(deviceOf)
    },
    async sawAt(times) {
      if (times.size === 0) return
      await database.query(sawAt, [[...times.keys()], [...times.values()].map(iso)])
    },
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const millis = (time: Date | string | null) => (time === null ? 0 : new Date(time).getTime())

const deviceOf = (row: DeviceRow): Device => ({
  deviceId: row.device_id,
  vehicleIds: row.vehicle_ids,
  status: row.status,
  createdMs: millis(row.created_at),
  lastSeenMs: millis(row.last_seen_at),
})

function storedDevice(row: DeviceRow): StoredDevice {
  const stored: StoredDevice = { ...deviceOf(row), keyDigest: Buffer.from(row.key_digest) }
  if (row.previous_digest === null) return stored
  return {
    ...stored,
    previous: { keyDigest: Buffer.from(row.previous_digest), untilMs: millis(row.previous_until) },
  }
}
