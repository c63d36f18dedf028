import { telemetry, vehicle } from '@pitcrew/contracts'
import { problemOf, Terminal } from '@pitcrew/errors'
import { extractTrace, inSpan, SpanKind, type Telemetry } from '@pitcrew/observability'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { anonymous, maySpeakFor, type Sender } from '../domain/devices/sender.ts'
import { quote } from '../domain/refusal.ts'
import type { Intake } from '../handlers/accept-frames.ts'
import type { DeviceGate } from '../handlers/devices/device-gate.ts'
import type { RegisterVehicle } from '../handlers/register-vehicle.ts'
import { answerType, decompressed, framesOf, parseJson, protobuf } from './http-body.ts'

export interface HttpDoor {
  intake: Intake
  gate: DeviceGate
  register: RegisterVehicle
  maxBytes: number
  telemetry: Telemetry
}

/** `POST /v1/telemetry` and `POST /v1/vehicles`. Errors are problem+json (RFC 9457) with `code` and `hint`. */
export function httpDoor({ intake, gate, register, maxBytes, telemetry: observed }: HttpDoor): FastifyInstance {
  const app = fastify({ bodyLimit: maxBytes })
  const senders = new WeakMap<FastifyRequest, Sender>()
  const senderOf = (request: FastifyRequest) => senders.get(request) ?? anonymous
  app.removeAllContentTypeParsers()
  // Every body arrives as bytes: what it is, the handlers say.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const bodyOf = (request: FastifyRequest) =>
    decompressed((request.body as Buffer | undefined) ?? Buffer.alloc(0), request.headers['content-encoding'], maxBytes)
  // Before the body is read: who may not send costs no more than his headers.
  app.addHook('onRequest', async (request) => {
    senders.set(request, await gate.admit(request.headers.authorization))
  })

  app.post('/v1/telemetry', async (request, reply) => {
    const type = mediaType(request)
    const answer = await traced(observed, request, async () =>
      intake.accept('http', framesOf(await bodyOf(request), type), senderOf(request)),
    )
    if (answerType(request.headers.accept, type) !== protobuf)
      return reply.type('application/json').send(JSON.stringify(answer))
    return reply.type(protobuf).send(Buffer.from(telemetry.PublishResponse.encode(answer).finish()))
  })

  app.post('/v1/vehicles', async (request, reply) => {
    const papers = vehicleOf(parseJson(await bodyOf(request)))
    if (!maySpeakFor(senderOf(request), papers.vehicleId)) throw notYours(papers.vehicleId)
    await traced(observed, request, () => register(papers))
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

function vehicleOf(given: unknown): vehicle.Vehicle {
  if (typeof given === 'object' && given !== null) return vehicle.Vehicle.fromJSON(given)
  throw new Terminal('BAD_VEHICLE', 'the body is not an object: expected vehicle.Vehicle as JSON', {
    hint: 'send {"vehicleId":"v1"}',
  })
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
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="telemetry"'
  return reply.code(status).headers(headers).send(JSON.stringify(body))
}

const notYours = (vehicleId: string) =>
  new Terminal('FORBIDDEN', `the device may not speak for vehicle ${quote(vehicleId)}`, {
    hint: 'register the device for that vehicle',
  })
