/**
 * Telemetry over MQTT 3.1.1. Devices publish to `devices/<device id>/telemetry` with QoS 1; the broker has their PUBACK
 * sent when it has stored the message, and this takes the messages in. Invariants:
 * 1. A message leaves the queue when all that is good of it is durable in TELEMETRY, or when it went to the dead letter with
 *    the reason. What comes twice is recognised by the identity of its frames.
 * 2. Nothing is taken from the queue that there is no room for: what has to wait, waits in the broker.
 * 3. The device in the topic is the one that showed its key, as far as the broker asks who connects. Without that nobody has
 *    shown a key: then messages are taken as of anybody, and not at all where keys are required.
 */
import { toFailure } from '@pitcrew/errors'
import { answerAdmissions, mqttQueue, publisherOf, type Messaging } from '@pitcrew/messaging'
import type { Logger } from '@pitcrew/observability'
import { isDeviceId } from '../../domain/devices/device.ts'
import { anonymous, type Sender } from '../../domain/devices/sender.ts'
import type { Intake } from '../../handlers/accept-frames.ts'
import type { DeviceGate } from '../../handlers/devices/device-gate.ts'
import type { IngestMetrics } from '../../metrics.ts'
import { messageFrames } from './message-frames.ts'

export interface MqttDoor {
  messaging: Messaging
  intake: Pick<Intake, 'beginWhenRoom'>
  gate: DeviceGate
  metrics: Pick<IngestMetrics, 'refusedMessage'>
  /** With it we tell the broker who may connect. */
  issuerSeed: string | undefined
  maxBytes: number
  logger: Logger
  now(): number
}

type Work = Parameters<Parameters<typeof mqttQueue>[1]['onWork']>[0]

/** Messages in hand at one time, and how long one of them may be silent before another instance gets it. */
const window = 256
const ackWaitMs = 30_000
const pullMs = 5_000

export async function openMqttDoor(door: MqttDoor): Promise<{ stop(): Promise<void> }> {
  const { messaging, gate, issuerSeed, logger, now } = door
  if (issuerSeed === undefined && gate.mode === 'required') {
    logger.warn('nothing is taken over MQTT: keys are required, and the broker asks nobody for them', {
      hint: 'set DEVICE_ISSUER_SEED, or DEVICE_AUTH=optional where everybody who reaches the broker may send',
    })
    return { stop: async () => {} }
  }
  const queue = await takeIn(door)
  if (issuerSeed === undefined) return queue
  const admit = async (deviceId: string, key: string) => {
    if (gate.mode !== 'off' || !isDeviceId(deviceId)) await gate.admitKey(deviceId, key)
  }
  const admissions = await answerAdmissions(messaging, { issuerSeed, admit, now })
  return {
    async stop() {
      await admissions.stop()
      await queue.stop()
    },
  }
}

async function takeIn(door: MqttDoor): Promise<{ stop(): Promise<void> }> {
  const running = new Set<Promise<void>>()
  const stopping = new AbortController()
  let asked = 0
  const askForMore = () => {
    const room = window - running.size - asked
    if (stopping.signal.aborted || (room < window / 2 && asked > 0) || room === 0) return
    asked += room
    queue.ask(room, pullMs)
  }
  const queue = await mqttQueue(door.messaging, {
    ackWaitMs,
    onWork(work) {
      asked -= 1
      const run = takeOne(door, work, stopping.signal).finally(() => {
        running.delete(run)
        askForMore()
      })
      running.add(run)
    },
    onEmpty(missing) {
      asked -= missing
      askForMore()
    },
  })
  askForMore()
  return {
    async stop() {
      stopping.abort()
      await queue.stop()
      await Promise.all(running)
      queue.close()
    },
  }
}

async function takeOne(door: MqttDoor, work: Work, signal: AbortSignal): Promise<void> {
  try {
    const sender = await senderOf(door, publisherOf(work))
    const frames = await messageFrames(work.data, door.maxBytes)
    const { answer } = await door.intake.beginWhenRoom('mqtt', frames, signal, sender)
    await answer
    work.done()
  } catch (thrown) {
    const failure = toFailure(thrown)
    if (failure.kind !== 'terminal') return work.giveBack(failure.kind === 'retryable' ? (failure.afterMs ?? 1_000) : 0)
    door.metrics.refusedMessage('mqtt', failure.code)
    await work.refuse(failure).catch((error: unknown) => {
      door.logger.error('dead letter could not be stored; the message stays', { error: toFailure(error) })
      work.giveBack(1_000)
    })
  }
}

/** Asked again with each message: a connection lives on for a while after its device was revoked. */
async function senderOf({ gate, issuerSeed }: MqttDoor, deviceId: string): Promise<Sender> {
  return issuerSeed === undefined ? anonymous : gate.stillAdmitted(deviceId)
}
