/**
 * A telematics provider: `GET /v1/feed?cursor=&limit=` gives what the fleet's devices reported, oldest first. It limits the
 * rate (429 with Retry-After), forgets (410 for a cursor whose frames it dropped) and can be made to misbehave.
 */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { telemetry } from '@pitcrew/contracts'
import type { SignalFrame } from '@pitcrew/signals'
import fastify, { type FastifyReply } from 'fastify'
import type { Fleet } from '../vehicles/fleet.ts'
import { deviceFrames } from './device-frame.ts'
import { createFeedLog } from './feed-log.ts'
import { rateLimit } from './rate-limit.ts'
import { troubleSwitch, type Trouble, type TroubleSwitch } from './trouble.ts'

export interface TelematicsApiOptions {
  fleet: Fleet
  host: string
  port: number
  now: () => number
  /** Frames that are kept for readers that fall behind. */
  keepFrames?: number
  requestsPerSecond?: number
  burst?: number
}

export interface TelematicsApi {
  port: number
  trouble: Pick<TroubleSwitch, 'set'>
  stop(): Promise<void>
}

interface Entry {
  vehicleId: string
  frame: SignalFrame
}

const mostFrames = 5_000

export async function startTelematicsApi(options: TelematicsApiOptions): Promise<TelematicsApi> {
  const { fleet, host, port, now, keepFrames = 50_000, requestsPerSecond = 20, burst = 40 } = options
  const log = createFeedLog<Entry>(randomUUID().replaceAll('-', ''), keepFrames)
  const mayPass = rateLimit(requestsPerSecond, burst)
  const trouble = troubleSwitch()
  const app = fastify({ forceCloseConnections: true })

  app.get<{ Querystring: { cursor?: string; limit?: string } }>('/v1/feed', async (request, reply) => {
    const current = trouble.take()
    if (current !== 'none') return misbehave(current, reply)
    const wait = mayPass(now())
    if (wait > 0)
      return reply.code(429).header('retry-after', wait).send({ error: 'rate limit', retryAfterSeconds: wait })
    const limit = Number(request.query.limit ?? 500)
    if (!Number.isInteger(limit) || limit < 1 || limit > mostFrames)
      return reply.code(400).send({ error: `limit must be a whole number from 1 to ${mostFrames}` })
    log.append(fleet.advance(now()))
    const page = log.page(request.query.cursor ?? '', limit)
    if (page === 'gone')
      return reply.code(410).send({ error: 'the cursor is older than what is kept; begin with an empty one' })
    if (page === 'unknown') return reply.code(400).send({ error: 'this is no cursor of this feed' })
    const frames = page.entries.flatMap(({ vehicleId, frame }) => deviceFrames(vehicleId, frame))
    return {
      frames: frames.map((frame) => telemetry.RawFrame.toJSON(frame)),
      nextCursor: page.nextCursor,
      more: page.more,
    }
  })

  await app.listen({ host, port })
  return { port: (app.server.address() as AddressInfo).port, trouble, stop: () => app.close() }
}

function misbehave(trouble: Exclude<Trouble, 'none'>, reply: FastifyReply): FastifyReply {
  switch (trouble) {
    case 'error':
      return reply.code(500).send({ error: 'out of order' })
    case 'garbage':
      return reply.type('application/json').send('{"frames": [nonsense')
    case 'hang':
      // Never answered: the reader's own timeout must end it.
      return reply.hijack()
    case 'disconnect':
      reply.hijack().raw.destroy()
      return reply
  }
}
