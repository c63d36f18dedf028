import { Agent, request } from 'node:http'
import { telemetry } from '@pitcrew/contracts'
import { Retryable } from '@pitcrew/errors'
import { framesPerMessage, inFlight } from '../contenders.ts'
import { framesOf, grouped } from '../frames.ts'
import { acceptedOf, pipelined, type Sender, type SenderSetup } from './sender.ts'

const types = { http: 'application/json', httpProtobuf: 'application/x-protobuf' } as const

/** Batches over connections that are kept, each with one request under way. */
export function httpSender({ httpUrl }: SenderSetup, contender: 'http' | 'httpProtobuf'): Sender {
  const connections = Math.ceil(inFlight / framesPerMessage[contender])
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const post = (body: Uint8Array): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': types[contender], 'content-length': body.length }
      const outgoing = request(`${httpUrl}/v1/telemetry`, { agent, method: 'POST', headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const body = Buffer.concat(chunks)
          if (response.statusCode !== 200)
            return reject(new Retryable('BENCH_REFUSED', `HTTP ${response.statusCode}: ${body.toString()}`))
          const json = response.headers['content-type']?.includes('json')
          resolve(acceptedOf(json ? fromJson(body) : telemetry.PublishResponse.decode(body)))
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  let bodies: Uint8Array[] = []
  return {
    async prepare(turn) {
      bodies = Array.from(grouped(framesOf(turn), framesPerMessage[contender]), (frames) =>
        contender === 'http'
          ? Buffer.from(JSON.stringify(telemetry.PublishRequest.toJSON({ frames })))
          : telemetry.PublishRequest.encode({ frames }).finish(),
      )
    },
    send: () => pipelined(bodies, connections, post),
    async close() {
      agent.destroy()
    },
  }
}

const fromJson = (body: Buffer): telemetry.PublishResponse =>
  telemetry.PublishResponse.fromJSON(JSON.parse(body.toString()))
