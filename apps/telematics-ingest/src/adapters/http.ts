import { telemetry, vehicle } from '@pitcrew/contracts'
import { problemOf, Terminal } from '@pitcrew/errors'
import { extractTrace, inSpan, SpanKind, type Telemetry } from '@pitcrew/observability'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Intake } from '../handlers/accept-frames.ts'
import type { RegisterVehicle } from '../handlers/register-vehicle.ts'
import { decompressed, framesOf, parseJson } from './http-body.ts'

export interface HttpDoor {
  intake: Intake
  register: RegisterVehicle
  maxBytes: number
  telemetry: Telemetry
}

/** `POST /v1/telemetry` and `POST /v1/vehicles`. Errors are problem+json (RFC 9457) with `code` and `hint`. */
export function httpDoor({ intake, register, maxBytes, telemetry: observed }: HttpDoor): FastifyInstance {
  const app = fastify({ bodyLimit: maxBytes })
  app.removeAllContentTypeParsers()
  // Every body arrives as bytes: what it is, the handlers say.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const bodyOf = (request: FastifyRequest) =>
    decompressed((request.body as Buffer | undefined) ?? Buffer.alloc(0), request.headers['content-encoding'], maxBytes)

  app.post('/v1/telemetry', async (request, reply) => {
    const answer = await traced(observed, request, async () =>
      intake.accept('http', framesOf(await bodyOf(request), mediaType(request))),
    )
    if (!/protobuf/.test(request.headers.accept ?? ''))
      return reply.type('application/json').send(JSON.stringify(answer))
    return reply.type('application/x-protobuf').send(Buffer.from(telemetry.PublishResponse.encode(answer).finish()))
  })

  app.post('/v1/vehicles', async (request, reply) => {
    const given = parseJson(await bodyOf(request))
    if (typeof given !== 'object' || given === null)
      throw new Terminal('BAD_VEHICLE', 'the body is not an object: expected vehicle.Vehicle as JSON', {
        hint: 'send {"vehicleId":"v1"}',
      })
    await traced(observed, request, () => register(vehicle.Vehicle.fromJSON(given)))
    return reply.code(204).send()
  })

  app.setErrorHandler((error, _request, reply) => sendProblem(reply, error))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      new Terminal('NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]}`, {
        hint: 'telemetry goes to POST /v1/telemetry',
      }),
    ),
  )
  return app
}

function traced<T>(observed: Telemetry, request: FastifyRequest, fn: () => Promise<T>): Promise<T> {
  const headers = request.headers as Record<string, string | undefined>
  const parent = extractTrace({ get: (key) => headers[key] })
  return inSpan(observed, `${request.method} ${request.routeOptions.url}`, { kind: SpanKind.SERVER, parent }, fn)
}

const mediaType = (request: FastifyRequest) =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase()

function sendProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, headers, body } = problemOf(error)
  return reply.code(status).headers(headers).send(JSON.stringify(body))
}
