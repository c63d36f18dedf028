/** `GET /v1/feed?cursor=&limit=`: what the fleet's devices reported, oldest first, as telemetry.RawFrame in JSON. */
import { telemetry } from '@pitcrew/contracts'
import type { FastifyInstance } from 'fastify'
import { deviceFrames } from './device-frame.ts'
import type { FleetReports } from './fleet-reports.ts'

const mostFrames = 5_000

export function ownFeed(app: FastifyInstance, reports: FleetReports, now: () => number): void {
  app.get<{ Querystring: { cursor?: string; limit?: string } }>('/v1/feed', async (request, reply) => {
    const limit = Number(request.query.limit ?? 500)
    if (!Number.isInteger(limit) || limit < 1 || limit > mostFrames)
      return reply.code(400).send({ error: `limit must be a whole number from 1 to ${mostFrames}` })
    reports.advance(now())
    const page = reports.log.page(request.query.cursor ?? '', limit)
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
}
