/**
 * A dealer's scheduling API over HTTP:
 *   POST   /appointments         with an idempotency-key; 201, and 200 when it was there already
 *   PUT    /appointments/:id     another place or time
 *   DELETE /appointments/:id
 *   GET    /work-orders?after=   what happened since that cursor; 410 for a cursor of another life
 * Errors are { code, message }.
 */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { statusOf, Terminal, toFailure } from '@pitcrew/errors'
import { z } from 'zod'
import { armFaults, type ApiFaults, type ArmedFaults } from './faults.ts'
import { appointmentWish, whereAndWhen, type WhereAndWhen } from './schema.ts'
import { createWorkshop, type Appointment, type TrueFault, type Workshop, type WorkOrder } from './workshop.ts'

export interface DealerApiOptions {
  /** The vehicle comes and goes this long after the booking and after its arrival, milliseconds; default 1500. */
  serviceDelayMs?: number
  /** Instead: real times divided by this (86,400 makes a day a second). */
  timeScale?: number
  now?: () => number
  /** What is truly wrong with a vehicle; undefined when nobody knows. */
  faultOf?: (vehicleId: string) => TrueFault | undefined
  onCompleted?: (vehicleId: string, workOrder: WorkOrder) => void
}

export interface DealerApi {
  app: FastifyInstance
  faults: ApiFaults
  appointments(): readonly Appointment[]
  /** Port 0 for any free one. */
  start(at: { port: number; host?: string }): Promise<{ port: number; stop(): Promise<void> }>
}

const demoDelayMs = 1_500

export function dealerApi(options: DealerApiOptions = {}): DealerApi {
  const faults = armFaults()
  const workshop = createWorkshop({
    now: options.now ?? Date.now,
    epoch: randomUUID(),
    delays: delaysOf(options),
    faultOf: options.faultOf ?? (() => undefined),
    onCompleted: options.onCompleted,
  })
  const app = fastify({ forceCloseConnections: true })
  app.setErrorHandler((error, _request, reply) => answerFailure(error, reply))
  misbehave(app, faults)
  routes(app, workshop)
  return {
    app,
    faults,
    appointments: () => workshop.appointments(),
    async start({ port, host = '127.0.0.1' }) {
      await app.listen({ port, host })
      const bound = app.server.address() as AddressInfo
      return { port: bound.port, stop: () => app.close() }
    },
  }
}

function routes(app: FastifyInstance, workshop: Workshop): void {
  app.post('/appointments', (request, reply) => {
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string' || key === '') {
      throw new Terminal('BAD_REQUEST', 'the idempotency-key header is missing', {
        hint: 'send one for each appointment',
      })
    }
    const wish = checked(appointmentWish, request)
    const before = workshop.appointments().length
    const appointment = workshop.book(key, wish)
    return reply.code(workshop.appointments().length > before ? 201 : 200).send(view(appointment))
  })
  app.put<{ Params: { id: string } }>('/appointments/:id', (request, reply) =>
    reply.send(view(workshop.move(request.params.id, checked(whereAndWhen, request)))),
  )
  app.delete<{ Params: { id: string } }>('/appointments/:id', (request, reply) =>
    reply.send(view(workshop.cancel(request.params.id))),
  )
  app.get<{ Querystring: { after?: string } }>('/work-orders', (request, reply) =>
    reply.send(workshop.reports(request.query.after ?? '')),
  )
}

function misbehave(app: FastifyInstance, faults: ArmedFaults): void {
  app.addHook('onRequest', async (_request, reply) => {
    const status = faults.takeFailure()
    if (status !== undefined)
      await reply.code(status).send({ code: 'FAULT_INJECTED', message: `asked to fail with ${status}` })
  })
  app.addHook('onSend', async (_request, reply) => {
    if (faults.delayMs() > 0) await pause(faults.delayMs())
    if (reply.statusCode < 300 && faults.takeLoss()) reply.raw.destroy()
  })
}

function delaysOf({ timeScale, serviceDelayMs = demoDelayMs }: DealerApiOptions) {
  if (timeScale === undefined) return () => ({ arrivesAfterMs: serviceDelayMs, staysMs: serviceDelayMs })
  return ({ startsAt, endsAt }: WhereAndWhen, now: number) => ({
    arrivesAfterMs: Math.max(0, Date.parse(startsAt) - now) / timeScale,
    staysMs: (Date.parse(endsAt) - Date.parse(startsAt)) / timeScale,
  })
}

function checked<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const result = schema.safeParse(request.body)
  if (result.success) return result.data
  throw new Terminal('BAD_REQUEST', z.prettifyError(result.error), { hint: 'correct the fields and send again' })
}

function view({ reference, bookingId, status, startsAt, endsAt }: Appointment) {
  return { reference, bookingId, status, startsAt, endsAt }
}

/** Fastify's own errors (bad JSON, unknown media type) bring their status; ours have theirs in the one table. */
function answerFailure(error: unknown, reply: FastifyReply): FastifyReply {
  const own = error as { statusCode?: number; code?: string }
  if (own.statusCode !== undefined && own.statusCode < 500) {
    return reply.code(own.statusCode).send({ code: 'BAD_REQUEST', message: (error as Error).message })
  }
  const failure = toFailure(error)
  return reply.code(statusOf(failure).http).send({ code: failure.code, message: failure.message })
}
