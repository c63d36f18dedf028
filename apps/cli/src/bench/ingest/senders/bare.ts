/** What ingest publishes, published bare: the same subjects, headers and payloads from the same client, without ingest. */
import { events, telemetry, telemetryPartitions } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { connectMessaging, directGetLast, partitionOf } from '@pitcrew/messaging'
import { benchTelemetry } from '../../pitcrew/telemetry.ts'
import { inFlight } from '../contenders.ts'
import { framesOf, stored, type Turn } from '../frames.ts'
import { pipelined, type Sender, type SenderSetup } from './sender.ts'

interface Message {
  subject: string
  payload: Uint8Array
  id: string
}

/** What a direct read adds to a message. */
const addedByRead = ['Nats-Stream', 'Nats-Subject', 'Nats-Sequence', 'Nats-Time-Stamp', 'Nats-Num-Pending']

export async function bareSender({ natsUrl }: SenderSetup): Promise<Sender> {
  const { subject, stream } = events.frameReceived
  const messaging = await connectMessaging({
    url: natsUrl,
    service: 'telematics-ingest',
    instance: 'bare',
    telemetry: benchTelemetry('telematics-ingest'),
  })
  const { connection } = messaging
  let messages: Message[] = []
  /** Of a message that ingest itself has stored: written into each of ours, with its own id. */
  let headers: NonNullable<Awaited<ReturnType<typeof directGetLast>>>['headers']
  return {
    async prepare(turn: Turn) {
      const example = await directGetLast(connection, stream, `${subject}.>`)
      if (example?.headers === undefined)
        throw new Terminal('BENCH_NO_EXAMPLE', 'no frame of ingest is in the stream: expected one from its warm-up')
      headers = example.headers
      for (const added of addedByRead) headers.delete(added)
      messages = Array.from(framesOf(turn), (raw, index) => messageOf(subject, raw, index, turn))
    },
    send: () =>
      pipelined(messages, inFlight, async ({ subject: to, payload, id }) => {
        headers!.set('ce-id', id)
        headers!.set('Nats-Msg-Id', id)
        const answer = (await connection.request(to, payload, { headers: headers!, timeout: 20_000 })).json<{
          seq?: number
        }>()
        return answer.seq === undefined ? 0 : 1
      }),
    close: () => messaging.drain(),
  }
}

function messageOf(subject: string, raw: telemetry.RawFrame, index: number, turn: Turn): Message {
  const { vehicleId, deviceTimeMs } = raw
  return {
    subject: `${subject}.${partitionOf(vehicleId, telemetryPartitions)}.${vehicleId}`,
    payload: telemetry.Frame.encode(stored(raw)).finish(),
    // As long as ingest's own: vehicle, time, and 24 characters of a digest.
    id: `${vehicleId}:${deviceTimeMs}:${`${turn.name}${index}`.padStart(24, '0').slice(-24)}`,
  }
}
