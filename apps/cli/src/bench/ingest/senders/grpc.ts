import { telemetry } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import { connectRpc } from '@pitcrew/rpc'
import { benchTelemetry } from '../../pitcrew/telemetry.ts'
import { framesPerMessage, inFlight } from '../contenders.ts'
import { framesOf, grouped } from '../frames.ts'
import { acceptedOf, type Sender, type SenderSetup } from './sender.ts'

/** One bidirectional stream. Messages are objects until they are sent: that they are encoded then is the client's work. */
export function grpcSender({ grpcAddress }: SenderSetup): Sender {
  const client = connectRpc(telemetry.TelemetryServiceClient, grpcAddress, { telemetry: benchTelemetry('gateway') })
  const window = Math.ceil(inFlight / framesPerMessage.grpcStream)
  let requests: telemetry.StreamRequest[] = []
  return {
    async prepare(turn) {
      requests = Array.from(grouped(framesOf(turn), framesPerMessage.grpcStream), (frames, batch) => ({
        batch: batch + 1,
        frames,
      }))
    },
    async send() {
      const call = client.stream()
      let accepted = 0
      let underWay = 0
      let room = Promise.withResolvers<void>()
      const reading = (async () => {
        for await (const { result } of call.responses) {
          accepted += result ? acceptedOf(result) : 0
          underWay--
          room.resolve()
        }
      })()
      const ended = reading.then(() => {
        throw new Retryable('BENCH_STREAM_ENDED', 'ingest ended the stream before all was sent')
      })
      ended.catch(() => undefined) // seen by whoever waits for room, or below by who waits for the end
      for (const request of requests) {
        while (underWay >= window) {
          await Promise.race([room.promise, ended])
          room = Promise.withResolvers()
        }
        underWay++
        await call.send(request)
      }
      call.end()
      await reading
      return accepted
    },
    async close() {
      client.close()
    },
  }
}
