import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import { Terminal } from '@pitcrew/errors'
import { extractTrace, inSpan, SpanKind, type Telemetry } from '@pitcrew/observability'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Clients } from '../adapters/clients.ts'
import { requireRole, type ApiKeys } from '../domain/api-keys.ts'
import type { RateLimit } from '../domain/rate-limit.ts'
import type { Caller } from '../domain/roles.ts'
import type { EventFeed } from './event-feed.ts'
import { linkRoutes } from './links.ts'
import { sendProblem } from './problem.ts'
import { routes, type Asked, type Route } from './routes.ts'

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
  const { method, path, tag, summary, role, query = {}, body } = route
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
  const schema = {
    tags: [tag],
    summary,
    description: `Role: ${role}.${body ? ` Body: the JSON form of ${body}.` : ''}`,
    ...(names.length > 0 && { params: object(names.map((name) => [name, 'id'])) }),
    ...(Object.keys(query).length > 0 && { querystring: object(Object.entries(query)) }),
    ...(body && { body: { type: 'object', additionalProperties: true } }),
  }
  app.route({
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    schema,
    handler: async (request, reply) => {
      const who = caller(request)
      requireRole(who, role)
      const parent = extractTrace({ get: (key) => request.headers[key] as string | undefined })
      const asked: Asked = {
        params: request.params as Asked['params'],
        query: request.query as Asked['query'],
        body: (request.body ?? {}) as Asked['body'],
        caller: who,
      }
      return reply.send(
        await inSpan(telemetry, `${method} ${path}`, { kind: SpanKind.SERVER, parent }, () => route.handle(asked)),
      )
    },
  })
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
      'Cases, vehicles, workshops, quality and security of a fleet. Errors are RFC 9457 problems with a `code` and a `hint`.',
  },
  ...(keys && {
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    security: [{ key: [] }],
  }),
})
