/** Planned maintenance: plans, what is due, and what was done. */
import { maintenance, vehicle } from '@pitcrew/contracts'
import { z } from 'zod'
import type { Clients } from '../adapters/clients.ts'
import { enumOf } from './message.ts'
import { choices, count } from './query.ts'
import { command, get, type Route } from './route.ts'

const interval = z.number().positive().optional()

const planBody = z.strictObject({
  what: z.string().min(1).describe('“oil service”'),
  vehicleId: z.string().default('').describe('either this or vehicleModel'),
  vehicleModel: z.string().default(''),
  everyKm: interval,
  everyEngineHours: interval,
  everyMonths: z.number().int().positive().optional().describe('of the intervals, whichever comes first'),
  noticeShare: z.number().min(0).max(1).optional().describe('share of an interval in which it comes due; a tenth'),
  noticeKm: interval,
  noticeDays: interval,
  system: z.string().min(1).describe('COOLING, BRAKES, ...'),
  component: z.string().default('').describe('a completed visit that replaced it has done the service'),
  parts: z.array(z.string()).default([]),
  labourHours: z.number().nonnegative().default(1),
  reason: z.string().default(''),
})

const doneBody = z.strictObject({
  vehicleId: z.string().min(1),
  at: z.iso.datetime({ offset: true }).optional().describe('absent: now'),
  odometerKm: z.number().nonnegative().optional(),
  engineHours: z.number().nonnegative().optional(),
  note: z.string().default(''),
})

const tag = 'maintenance'

export function maintenanceRoutes({ maintenance: service }: Pick<Clients, 'maintenance'>): Route[] {
  return [
    get(tag, '/v1/maintenance/plans', 'Plans: services by distance, engine hours and date', () =>
      service.listPlans({}),
    ),
    command(
      {
        tag,
        path: '/v1/maintenance/plans/{id}',
        role: 'approver',
        summary: 'Put a plan, or another in its place',
        body: planBody,
      },
      ({ params, caller }, body) => service.putPlan({ plan: planOf(params.id ?? '', body), subject: caller.subject }),
    ),
    command(
      {
        tag,
        path: '/v1/maintenance/plans/{id}/end',
        role: 'approver',
        summary: 'End a plan; what was done stays on record',
        body: z.strictObject({ reason: z.string().default('') }),
      },
      ({ params, caller }, { reason }) => service.endPlan({ planId: params.id ?? '', subject: caller.subject, reason }),
    ),
    get(
      tag,
      '/v1/maintenance/due',
      'What vehicles are to have next, what is over first',
      ({ query }) =>
        service.listDue({
          vehicleId: query.vehicle ?? '',
          planId: query.plan ?? '',
          states: choices(query.state, maintenance.DueState, 'state'),
          limit: count(query.limit, 100),
        }),
      {
        vehicle: 'vehicle id',
        plan: 'plan id',
        state: 'SCHEDULED, DUE, OVERDUE, comma-separated; due and overdue without',
        limit: 'at most so many',
      },
    ),
    command(
      {
        tag,
        path: '/v1/maintenance/plans/{id}/done',
        role: 'operator',
        summary: 'Say that it was done, otherwise than by a case',
        body: doneBody,
      },
      ({ params, caller }, body) => service.recordDone({ planId: params.id ?? '', ...body, subject: caller.subject }),
    ),
  ]
}

const planOf = (planId: string, { system, ...rest }: z.output<typeof planBody>): maintenance.Plan =>
  maintenance.Plan.fromJSON({ planId, system: enumOf(system, vehicle.VehicleSystem, 'system'), ...rest })
