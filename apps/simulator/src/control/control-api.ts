/** The simulator's own door: what there is, new vehicles with a fault laid over, trouble for the telematics API. */
import type { AddressInfo } from 'node:net'
import { problemOf, Terminal } from '@pitcrew/errors'
import fastify from 'fastify'
import { z } from 'zod'
import { faults } from '../faults/index.ts'
import { personas, type Persona } from '../customers/index.ts'
import { troubles, type TelematicsApi } from '../telematics-api/index.ts'
import type { Fleet } from '../vehicles/fleet.ts'

export interface ControlOptions {
  host: string
  port: number
  fleet: Fleet
  telematicsApi: Pick<TelematicsApi, 'trouble'>
  /** Registers a vehicle and its owner with the platform. */
  register: (vehicleId: string, persona: Persona) => Promise<void>
  /** Shown at GET /. */
  urls: () => Record<string, string>
  now: () => number
}

const vehicleWish = z.strictObject({
  vehicleId: z.string(),
  seed: z.union([z.number(), z.string()]).optional(),
  fault: z.string().optional(),
  faultParameters: z.record(z.string(), z.number()).optional(),
  historySeconds: z.number().optional(),
  speedUp: z.number().optional(),
  persona: z.enum(personas).default('accepts'),
  /** False: the platform gets its telemetry and nothing else. */
  register: z.boolean().default(true),
})

const troubleWish = z.strictObject({ trouble: z.enum(troubles), requests: z.int().min(1).optional() })

export async function startControlApi(options: ControlOptions): Promise<{ port: number; stop(): Promise<void> }> {
  const { fleet, telematicsApi, register, urls, now } = options
  const app = fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true })

  app.get('/', () => ({ name: 'pitcrew simulator', vehicles: fleet.list().length, urls: urls() }))
  app.get('/vehicles', () => ({ vehicles: fleet.list() }))
  app.get('/faults', () => ({
    faults: faults.map(({ name, system, description, limit, parameters }) => ({
      name,
      system,
      description,
      limit,
      parameters,
    })),
  }))

  app.post('/vehicles', async (request, reply) => {
    const { persona, register: registered, ...wish } = parse(vehicleWish, request.body)
    // A fault needs time to develop: unless told otherwise an hour of it passes within a minute.
    const pace = wish.fault === undefined ? {} : { historySeconds: 3600, speedUp: 60 }
    const status = fleet.add({ ...pace, ...wish }, now())
    try {
      if (registered) await register(wish.vehicleId, persona)
    } catch (thrown) {
      fleet.remove(wish.vehicleId)
      throw thrown
    }
    return reply.code(201).send(status)
  })

  app.post<{ Params: { id: string } }>('/vehicles/:id/repair', async (request, reply) => {
    if (!fleet.repair(request.params.id)) throw new Terminal('NOT_FOUND', 'there is no such vehicle in the fleet')
    return reply.code(204).send()
  })

  app.post('/telematics-api/trouble', async (request, reply) => {
    const { trouble, requests } = parse(troubleWish, request.body)
    telematicsApi.trouble.set(trouble, requests)
    return reply.code(204).send()
  })

  app.setErrorHandler((error, _request, reply) => {
    const { status, headers, body } = problemOf(error)
    return reply.code(status).headers(headers).send(JSON.stringify(body))
  })

  await app.listen({ host: options.host, port: options.port })
  return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Terminal('BAD_REQUEST', `${issue!.path.join('.') || 'the body'}: ${issue!.message}`, {
    hint: 'see GET / and GET /faults',
  })
}
