/**
 * What devices publish through nats-server's own MQTT 3.1.1 gateway, as the service that takes it in sees it.
 *
 * The gateway answers a PUBLISH of QoS 1 or 2 (PUBACK) after `$MQTT_msgs` has stored it, and waits for no other stream that
 * may listen to the subject as well (nats-server, server/mqtt.go). So this stream is the one that is read:
 * 1. It is made by provisioning, before the gateway would make its own: a work queue, so that what was acknowledged to a
 *    device stays until it was taken, also while nobody is there to take it.
 * 2. It is bounded, and full it refuses what is new: the device gets no PUBACK and keeps its message. Nothing old is lost.
 * 3. An instance that starts takes what one that died had in hand before what came since: a vehicle's frames stay in order.
 * 4. QoS 0 is not stored by the gateway and is not taken.
 */
import type { Messaging } from '../messaging.ts'
import type { ProvisionOptions, StreamConfig } from '../provision.ts'
import { workQueue, type Work, type WorkQueue } from '../work-queue.ts'

const stream = '$MQTT_msgs'
const subject = '$MQTT.msgs.devices.*.telemetry'
const durable = 'telematics-ingest_devices'
const maxAgeMs = 2 * 86_400_000
const maxBytes = { file: 1024 ** 3, memory: 64 * 1024 ** 2 }

export const mqttInbox = { stream, subject, durable }

export function mqttInboxConfig({ replicas, fileStorage }: ProvisionOptions): StreamConfig {
  return {
    name: stream,
    subjects: ['$MQTT.msgs.>'],
    retention: 'workqueue',
    storage: fileStorage ? 'file' : 'memory',
    discard: 'new',
    max_age: maxAgeMs * 1e6,
    max_bytes: fileStorage ? maxBytes.file : maxBytes.memory,
    num_replicas: replicas,
  }
}

/** The topic that a device publishes to, and the subject that the broker makes of it. */
export const telemetryTopic = (deviceId: string) => `devices/${deviceId}/telemetry`
export const telemetrySubject = (deviceId: string) => `devices.${deviceId}.telemetry`

/** The device that published the work; only it may, as far as the broker asks who connects. */
export const publisherOf = ({ subject: published }: Pick<Work, 'subject'>): string => published.split('.')[3] ?? ''

export function mqttQueue(
  messaging: Messaging,
  options: { ackWaitMs: number; onWork(work: Work): void; onEmpty(missing: number): void },
): Promise<WorkQueue> {
  return workQueue(messaging, { stream, durable, subject, inOrder: true, ...options })
}
