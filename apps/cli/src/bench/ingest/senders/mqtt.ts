/**
 * Devices on nats-server's MQTT gateway. PUBACK says that the broker has the device's message; accepted is what ingest has
 * normalised and the telemetry stream has acknowledged, so the clock runs until that stream holds all.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { events, telemetry } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import { connectMessaging } from '@pitcrew/messaging'
import { connectAsync, type MqttClient } from 'mqtt'
import { benchTelemetry } from '../../pitcrew/telemetry.ts'
import { framesPerMessage, inFlight } from '../contenders.ts'
import { framesOf, grouped, type Turn } from '../frames.ts'
import { pipelined, type Sender, type SenderSetup } from './sender.ts'

/** Gateways that each speak for many vehicles. */
const clients = 5
const lookEveryMs = 2
const patienceMs = 60_000

export async function mqttSender({ mqttUrl, natsUrl }: SenderSetup): Promise<Sender> {
  const connected: MqttClient[] = []
  for (let index = 0; index < clients; index++)
    connected.push(await connectAsync(mqttUrl, { clientId: `bench-${index}`, protocolVersion: 4, clean: true }))
  const messaging = await connectMessaging({
    url: natsUrl,
    service: 'telematics-ingest',
    instance: 'mqtt-watch',
    telemetry: benchTelemetry('telematics-ingest'),
  })
  const count = async (): Promise<number> => {
    const answer = await messaging.connection.request(`$JS.API.STREAM.INFO.${events.frameReceived.stream}`)
    return answer.json<{ state: { messages: number } }>().state.messages
  }
  let messages: Uint8Array[] = []
  let frames = 0
  return {
    async prepare(turn: Turn) {
      const groups = grouped(framesOf(turn), framesPerMessage.mqtt)
      messages = Array.from(groups, (group) => telemetry.PublishRequest.encode({ frames: group }).finish())
      frames = turn.frames
    },
    async send() {
      const before = await count()
      const atOnce = Math.ceil(inFlight / framesPerMessage.mqtt)
      let next = 0
      await pipelined(messages, atOnce, async (payload) => {
        const index = next++ % clients
        await connected[index]!.publishAsync(`devices/bench-${index}/telemetry`, Buffer.from(payload), { qos: 1 })
        return 0
      })
      const giveUpAt = performance.now() + patienceMs
      for (;;) {
        const there = (await count()) - before
        if (there >= frames) return there
        if (performance.now() > giveUpAt)
          throw new Retryable(
            'BENCH_MQTT_NOT_TAKEN',
            `${there} of ${frames} frames are in the stream after ${patienceMs} ms`,
          )
        await pause(lookEveryMs)
      }
    },
    async close() {
      for (const client of connected) await client.endAsync()
      await messaging.drain()
    },
  }
}
