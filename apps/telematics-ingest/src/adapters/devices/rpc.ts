import { device as contract } from '@pitcrew/contracts'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import type { Device } from '../../domain/devices/device.ts'
import type { DeviceKeys } from '../../handlers/devices/device-keys.ts'
import type { DeviceStore } from '../../handlers/devices/ports.ts'

export function deviceService(keys: DeviceKeys, store: Pick<DeviceStore, 'list'>): RpcService {
  const implementation: contract.DeviceServiceServer = {
    registerDevice: unary(async ({ deviceId, vehicleIds }) => {
      const { device, key } = await keys.register(deviceId, vehicleIds)
      return { device: messageOf(device), key }
    }),
    rotateKey: unary(async ({ deviceId, overlapSeconds }) => ({ key: await keys.rotate(deviceId, overlapSeconds) })),
    revokeDevice: unary(async ({ deviceId }) => {
      await keys.revoke(deviceId)
      return {}
    }),
    listDevices: unary(async ({ limit }) => ({ devices: (await store.list(listLimit(limit))).map(messageOf) })),
  }
  return { definition: contract.DeviceServiceService, implementation }
}

const { DeviceStatus } = contract

const messageOf = ({ deviceId, vehicleIds, status, createdMs, lastSeenMs }: Device): contract.Device => ({
  deviceId,
  vehicleIds: [...vehicleIds],
  status: status === 'active' ? DeviceStatus.ACTIVE : DeviceStatus.REVOKED,
  createdTimeMs: createdMs,
  lastSeenTimeMs: lastSeenMs,
})
