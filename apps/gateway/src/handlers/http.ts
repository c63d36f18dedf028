import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import { Terminal } from '@pitcrew/errors'
import { extractTrace, inSpan, SpanKind, type Telemetry } from '@pitcrew/observability'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clients } from '../adapters/clients.ts'
import { requireRole, type ApiKeys } from '../domain/api-keys.ts'
import type { RateLimit } from '../domain/rate-limit.ts'
import type { Caller } from '../domain/roles.ts'
import type { EventFeed } from './event-feed.ts'
import { linkRoutes } from './links.ts'
import { sendProblem } from './problem.ts'
import { Answer, type Asked, type Route } from './route.ts'
import { routes } from './routes.ts'
import { addFollowing } from './workflows/follow.ts'

export interface GatewayParts {
  clients: Clients
  feed: EventFeed
  telemetry: Telemetry
  /** Absent: every caller is the operator of this machine. */
  keys?: ApiKeys
  rateLimit: RateLimit
  maxBodyBytes: number
}

const local: Caller = { subject: 'operator', role: 'admin' }

export async function gatewayApp(parts: GatewayParts): Promise<FastifyInstance> {
  // A signed link is longer than the router expects of an id.
  const app = fastify({ bodyLimit: parts.maxBodyBytes, routerOptions: { maxParamLength: 1_024 } })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, error))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      reply,
      new Terminal('NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0]}`, {
        hint: 'see /docs for what there is',
      }),
    ),
  )
  app.addHook('onRequest', async (request) => parts.rateLimit.take(request.ip, Date.now()))
  await app.register(fastifySwagger, { openapi: openApi(parts.keys !== undefined) })
  await app.register(fastifySwaggerUi, { routePrefix: '/docs' })
  app.get('/openapi.json', { schema: { hide: true } as object }, () => app.swagger())
  const caller = (request: FastifyRequest): Caller => parts.keys?.caller(request.headers.authorization) ?? local
  for (const route of routes(parts.clients)) addRoute(app, route, caller, parts.telemetry)
  addEvents(app, parts.feed, caller)
  addFollowing(app, parts, caller)
  linkRoutes(app, parts.clients)
  await app.ready()
  return app
}

function addRoute(
  app: FastifyInstance,
  route: Route,
  caller: (request: FastifyRequest) => Caller,
  telemetry: Telemetry,
): void {
  const { method, path, role } = route
  app.route({
    method,
    // A colon of the path itself is doubled, so that it does not begin a parameter.
    url: path.replaceAll(':', '::').replace(/\{(\w+)\}/g, ':$1'),
    schema: schemaOf(route),
    ...(route.maxBodyBytes !== undefined && { bodyLimit: route.maxBodyBytes }),
    // What has a schema of its own is held against that, which says every place that is wrong.
    ...(route.body instanceof z.ZodType && { validatorCompiler: () => () => true }),
    handler: async (request, reply) => {
      const who = caller(request)
      requireRole(who, role)
      const parent = extractTrace({ get: (key) => request.headers[key] as string | undefined })
      const asked = askedBy(request, reply, who)
      const answer = await inSpan(telemetry, `${method} ${path}`, { kind: SpanKind.SERVER, parent }, () =>
        route.handle(asked),
      )
      if (!(answer instanceof Answer)) return reply.send(answer)
      return reply.code(answer.status).headers(answer.headers).send(answer.body)
    },
  })
}

function askedBy(request: FastifyRequest, reply: FastifyReply, who: Caller): Asked {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return {
    params: request.params as Asked['params'],
    query: request.query as Asked['query'],
    body: (request.body ?? {}) as Asked['body'],
    key: idempotencyKey(request),
    caller: who,
    signal: gone.signal,
  }
}

/** Given bare or, as the IETF's draft has it, in quotes. */
function idempotencyKey({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key']
  return typeof key === 'string' ? key.trim().replace(/^"(.*)"$/, '$1') : ''
}

function schemaOf({ path, tag, summary, role, query = {}, body, answer }: Route): object {
  const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const says = [
    `Role: ${role}.`,
    typeof body === 'string' ? `Body: the JSON form of ${body}.` : '',
    answer ? `Answer: the JSON form of ${answer}.` : '',
  ]
  return {
    tags: [tag],
    summary,
    description: says.filter((one) => one !== '').join(' '),
    ...(params.length > 0 && { params: object(params.map((name) => [name, name])) }),
    ...(Object.keys(query).length > 0 && { querystring: object(Object.entries(query)) }),
    ...(body && { body: bodySchema(body) }),
  }
}

function bodySchema(body: string | z.ZodType): object {
  if (typeof body === 'string') return { type: 'object', additionalProperties: true }
  // Which dialect it is, the document says once.
  return Object.fromEntries(
    Object.entries(z.toJSONSchema(body, { io: 'input' })).filter(([name]) => name !== '$schema'),
  )
}

const object = (members: [string, string][]): object => ({
  type: 'object',
  properties: Object.fromEntries(members.map(([name, description]) => [name, { type: 'string', description }])),
})

function addEvents(app: FastifyInstance, feed: EventFeed, caller: (request: FastifyRequest) => Caller): void {
  const schema = {
    tags: ['operation'],
    summary: 'Everything that happens, as it happens (text/event-stream)',
    querystring: object([
      ['case', 'only what is about this case'],
      ['vehicle', 'only what is about this vehicle'],
    ]),
  }
  app.get<{ Querystring: { case?: string; vehicle?: string } }>('/v1/events', { schema }, (request, reply) => {
    requireRole(caller(request), 'viewer')
    feed.add(reply.raw, { caseId: request.query.case, vehicleId: request.query.vehicle })
    reply.hijack()
  })
}

const openApi = (keys: boolean): object => ({
  openapi: '3.1.0',
  info: {
    title: 'Pitcrew',
    version: '1.0.0',
    description:
      'Cases, workflows, vehicles, workshops, quality and security of a fleet. Errors are RFC 9457 problems with a `code` and a `hint`.',
  },
  ...(keys && {
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    security: [{ key: [] }],
  }),
})
