/** The API, one line a route: what it is for, who may call it, and what it asks of which service. */
import { engagement, scheduling, vehicle, workflow } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Clients } from '../adapters/clients.ts'
import { alertRoutes } from './alert-routes.ts'
import { deviceRoutes } from './device-routes.ts'
import { maintenanceRoutes } from './maintenance-routes.ts'
import { messageOf } from './message.ts'
import { modelRoutes } from './model-routes.ts'
import { choices, count, text } from './query.ts'
import { diagnosisRoutes } from './diagnosis-routes.ts'
import { get, post, type Route } from './route.ts'
import { vehicleDataRoutes } from './vehicle-data.ts'
import { workflowRoutes } from './workflows/index.ts'

const limit = { limit: 'at most so many' }

export function routes(clients: Clients): Route[] {
  const { cases, telemetry, analysis, scheduling: slots, engagement: people, manufacturing, ueba } = clients
  return [
    ...workflowRoutes(clients),
    get(
      'cases',
      '/v1/cases',
      'The cases, the last changed first',
      ({ query }) =>
        cases.listCases({
          phases: choices(query.phase, workflow.Phase, 'phase'),
          vehicleId: query.vehicle ?? '',
          limit: count(query.limit, 100),
        }),
      { phase: 'names of phases, comma-separated', vehicle: 'vehicle id', ...limit },
    ),
    get('cases', '/v1/cases/{id}', 'One case with its history and everything its steps gave', ({ params }) =>
      cases.getCase({ caseId: params.id ?? '' }),
    ),
    get('cases', '/v1/cases/{id}/messages', 'What the customer was sent', ({ params }) =>
      people.listMessages({ caseId: params.id ?? '' }),
    ),
    post(
      'cases',
      '/v1/cases/{id}/pause',
      'operator',
      'Start nothing new until it is resumed',
      '{ reason }',
      ({ params, body, caller }) =>
        cases.pauseCase({ caseId: params.id ?? '', reason: text(body.reason), subject: caller.subject }),
    ),
    post('cases', '/v1/cases/{id}/resume', 'operator', 'Go on after a pause', '{}', ({ params, caller }) =>
      cases.resumeCase({ caseId: params.id ?? '', subject: caller.subject }),
    ),
    post(
      'cases',
      '/v1/cases/{id}/cancel',
      'operator',
      'End it, undoing what was done',
      '{ reason }',
      ({ params, body, caller }) =>
        cases.cancelCase({ caseId: params.id ?? '', reason: text(body.reason), subject: caller.subject }),
    ),
    post('cases', '/v1/cases/{id}/retry', 'operator', 'Go on from the point of failure', '{}', ({ params, caller }) =>
      cases.retryCase({ caseId: params.id ?? '', subject: caller.subject }),
    ),
    post(
      'cases',
      '/v1/cases/{id}/approve',
      'approver',
      'Answer the approval it waits for',
      '{ approved, comment }',
      ({ params, body, caller }) =>
        cases.approveCase({
          caseId: params.id ?? '',
          approved: approved(body),
          comment: text(body.comment),
          subject: caller.subject,
        }),
    ),
    get('operation', '/v1/statistics', 'Counts over all cases', () => cases.getStatistics({})),
    get('operation', '/v1/agents', 'Agents, what they can do and whether they are alive or blocked', () =>
      cases.listAgents({}),
    ),
    get(
      'vehicles',
      '/v1/vehicles',
      'Registered vehicles',
      ({ query }) => telemetry.listVehicles({ limit: count(query.limit, 100) }),
      limit,
    ),
    post(
      'vehicles',
      '/v1/vehicles',
      'operator',
      'Register a vehicle or change what is known of it',
      'pitcrew.vehicle.v1.Vehicle',
      ({ body }) => telemetry.registerVehicle({ vehicle: messageOf(vehicle.Vehicle, body) }),
    ),
    get('vehicles', '/v1/vehicles/{id}/health', 'What analysis knows of a vehicle', ({ params }) =>
      analysis.getVehicleHealth({ vehicleId: params.id ?? '' }),
    ),
    ...alertRoutes(clients),
    ...diagnosisRoutes(clients),
    ...maintenanceRoutes(clients),
    ...vehicleDataRoutes(clients),
    ...deviceRoutes(clients),
    ...modelRoutes(clients),
    post(
      'customers',
      '/v1/customers',
      'operator',
      'Enter a customer, with consent and channels',
      'pitcrew.engagement.v1.Customer',
      ({ body }) => people.upsertCustomer({ customer: messageOf(engagement.Customer, body) }),
    ),
    post(
      'workshops',
      '/v1/centres',
      'operator',
      'Enter a service centre with bays, technicians and opening hours',
      'pitcrew.scheduling.v1.Centre',
      ({ body }) => slots.upsertCentre({ centre: messageOf(scheduling.Centre, body) }),
    ),
    get(
      'workshops',
      '/v1/slots',
      'Free slots for a job',
      ({ query }) =>
        slots.listSlots({
          job: scheduling.Job.fromPartial({
            skill: query.skill || 'diagnostics',
            labourHours: Number(query.hours ?? 1),
            urgency: vehicle.Urgency.MEDIUM,
          }),
          preference: scheduling.Preference.fromPartial({ centreId: query.centre ?? '' }),
          limit: count(query.limit, 10),
        }),
      { skill: 'a technician’s skill', hours: 'labour, hours', centre: 'centre id', ...limit },
    ),
    get(
      'workshops',
      '/v1/bookings',
      'Bookings',
      ({ query }) =>
        slots.listBookings({
          caseId: query.case ?? '',
          vehicleId: query.vehicle ?? '',
          limit: count(query.limit, 100),
        }),
      { case: 'case id', vehicle: 'vehicle id', ...limit },
    ),
    post(
      'workshops',
      '/v1/bookings/{id}/reschedule',
      'operator',
      'Move a booking to another slot',
      '{ slotId }',
      ({ params, body }) => slots.rescheduleBooking({ bookingId: params.id ?? '', slotId: text(body.slotId) }),
    ),
    post('workshops', '/v1/bookings/{id}/cancel', 'operator', 'Cancel a booking', '{ reason }', ({ params, body }) =>
      slots.cancelBooking({ bookingId: params.id ?? '', reason: text(body.reason) }),
    ),
    get('quality', '/v1/quality/summary', 'Failures, rates, hit rate of the diagnosis', () =>
      manufacturing.getSummary({}),
    ),
    get(
      'quality',
      '/v1/quality/failures',
      'Failures that were found',
      ({ query }) => manufacturing.listFailures({ limit: count(query.limit, 100) }),
      limit,
    ),
    get(
      'quality',
      '/v1/quality/capas',
      'Corrective and preventive actions',
      ({ query }) => manufacturing.listCapas({ limit: count(query.limit, 100) }),
      limit,
    ),
    get('quality', '/v1/quality/capas/{id}', 'One CAPA as an 8D report', ({ params }) =>
      manufacturing.getCapa({ capaId: params.id ?? '' }),
    ),
    get(
      'security',
      '/v1/security/findings',
      'What was unusual in the behaviour of agents',
      ({ query }) => ueba.listFindings({ limit: count(query.limit, 100) }),
      limit,
    ),
    get('security', '/v1/security/profiles', 'Agents and their risk', () => ueba.listProfiles({})),
    post(
      'security',
      '/v1/security/agents/{id}/block',
      'admin',
      'Cut an agent off',
      '{ reason }',
      ({ params, body, caller }) =>
        ueba.blockAgent({ actor: params.id ?? '', reason: text(body.reason), subject: caller.subject }),
    ),
    post(
      'security',
      '/v1/security/agents/{id}/release',
      'admin',
      'Let a blocked agent work again',
      '{ reason }',
      ({ params, body, caller }) =>
        ueba.releaseAgent({ actor: params.id ?? '', reason: text(body.reason), subject: caller.subject }),
    ),
    get(
      'security',
      '/v1/audit',
      'The audit log',
      ({ query }) =>
        ueba.listAuditEvents({
          afterNumber: count(query.after, 0),
          limit: count(query.limit, 100),
          resource: query.resource ?? '',
        }),
      { after: 'number of the record before the first', resource: 'case, vehicle or agent', ...limit },
    ),
    get('security', '/v1/audit/verify', 'Recompute the audit log’s hash chain', () => ueba.verifyAudit({})),
  ]
}

function approved(body: Record<string, unknown>): boolean {
  if (typeof body.approved === 'boolean') return body.approved
  throw new Terminal('BAD_REQUEST', 'approved is missing', {
    hint: 'send { "approved": true } or { "approved": false }',
  })
}
