/** Wires what knows devices: their keys, who is let in, and the doors that are theirs alone. */
import type { Database } from '@pitcrew/database'
import { serveRpc } from '@pitcrew/rpc'
import { startLoop, type ServiceContext } from '@pitcrew/service'
import { deviceStore } from './adapters/devices/device-store.ts'
import { deviceService } from './adapters/devices/rpc.ts'
import { openMqttDoor } from './adapters/mqtt/mqtt-door.ts'
import type { Config } from './config.ts'
import { deviceDoor } from './grpc.ts'
import type { Intake } from './handlers/accept-frames.ts'
import { deviceGate, type DeviceAuth, type DeviceGate } from './handlers/devices/device-gate.ts'
import { deviceKeys } from './handlers/devices/device-keys.ts'
import type { IngestMetrics } from './metrics.ts'

type Context = ServiceContext<Config>

const noteSeenMs = 60_000
const loopback = /^(127\.|::1$|localhost$)/

export function openDevices({ config, logger, onStop }: Context, database: Database, now: () => number) {
  const store = deviceStore(database)
  const gate = deviceGate(store, authOf(config), now)
  const noteSeen = () => store.sawAt(gate.takeSeen())
  const { stop } = startLoop({ name: 'noting when devices were seen', everyMs: noteSeenMs, logger, run: noteSeen })
  onStop('when devices were seen', stop)
  return { gate, service: deviceService(deviceKeys(store, now), store) }
}

/** Beyond this machine nobody is let in without a key unless somebody says so. */
const authOf = ({ DEVICE_AUTH, PITCREW_BIND }: Config): DeviceAuth =>
  DEVICE_AUTH ?? (loopback.test(PITCREW_BIND) ? 'optional' : 'required')

export async function openDeviceDoors(
  { config, messaging, telemetry, logger, onStop }: Context,
  { intake, gate, metrics, now }: { intake: Intake; gate: DeviceGate; metrics: IngestMetrics; now: () => number },
): Promise<void> {
  const { DEVICE_ISSUER_SEED: issuerSeed, MAX_BODY_BYTES: maxBytes, DEVICE_GRPC_PORT: port } = config
  const mqtt = await openMqttDoor({ messaging, intake, gate, metrics, issuerSeed, maxBytes, logger, now })
  onStop('MQTT', mqtt.stop)
  if (port === undefined) return
  const server = await serveRpc({
    host: config.PITCREW_BIND,
    port,
    telemetry,
    services: [deviceDoor(intake, gate)],
  })
  onStop('gRPC of devices', server.stop)
  logger.info('devices are served', { grpc: server.port })
}
