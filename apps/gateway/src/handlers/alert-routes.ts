/** Alerts, who knows of them, and what the fleet is not to be told. */
import { alerting, vehicle } from '@pitcrew/contracts'
import { z } from 'zod'
import type { Clients } from '../adapters/clients.ts'
import { enumOf } from './message.ts'
import { choices, count } from './query.ts'
import { command, get, type Route } from './route.ts'

const ruleBody = z.strictObject({
  effect: z.enum(['ignore', 'cap']).describe('ignore: matching evidence does not count; cap: at most maxUrgency'),
  vehicleId: z.string().default(''),
  vehicleModel: z.string().default(''),
  system: z.string().default('').describe('COOLING, BRAKES, ...; empty for all'),
  feature: z.string().default('').describe('a fault code or a monitor’s name; empty for all'),
  maxUrgency: z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).optional(),
  until: z.iso.datetime({ offset: true }).optional().describe('absent: until it is ended'),
  reason: z.string().min(1),
})

export function alertRoutes({ alerting: alerts }: Pick<Clients, 'alerting'>): Route[] {
  return [
    get(
      'alerts',
      '/v1/alerts',
      'Alerts, the newest first, and who knows of them',
      ({ query }) =>
        alerts.findAlerts({
          vehicleId: query.vehicle ?? '',
          statuses: choices(query.status, alerting.AlertStatus, 'status'),
          limit: count(query.limit, 100),
        }),
      { vehicle: 'vehicle id', status: 'OPEN, CLEARED, ENDED, comma-separated', limit: 'at most so many' },
    ),
    command(
      {
        tag: 'alerts',
        path: '/v1/alerts/{id}/acknowledge',
        role: 'operator',
        summary: 'Say that somebody knows of it; its case goes on',
        body: z.strictObject({ note: z.string().default('') }),
      },
      ({ params, caller }, { note }) =>
        alerts.acknowledgeAlert({ alertId: params.id ?? '', subject: caller.subject, note }),
    ),
    get('alerts', '/v1/alert-rules', 'Rules in force: what is ignored, and what is capped', () => alerts.listRules({})),
    command(
      {
        tag: 'alerts',
        path: '/v1/alert-rules/{id}',
        role: 'approver',
        summary: 'Put a rule, or another in its place',
        body: ruleBody,
      },
      ({ params, caller }, body) => alerts.putRule({ rule: ruleOf(params.id ?? '', body), subject: caller.subject }),
    ),
    command(
      {
        tag: 'alerts',
        path: '/v1/alert-rules/{id}/end',
        role: 'approver',
        summary: 'End a rule',
        body: z.strictObject({ reason: z.string().default('') }),
      },
      ({ params, caller }, { reason }) => alerts.endRule({ ruleId: params.id ?? '', subject: caller.subject, reason }),
    ),
    get(
      'alerts',
      '/v1/alert-audit',
      'Who changed rules, alerts and models, and why; the latest first',
      ({ query }) => alerts.listAudit({ object: query.object ?? '', limit: count(query.limit, 100) }),
      { object: '“alert ID”, “rule ID” or “model NAME”', limit: 'at most so many' },
    ),
  ]
}

function ruleOf(
  ruleId: string,
  { effect, maxUrgency, system, until, ...rest }: z.output<typeof ruleBody>,
): alerting.Rule {
  const wire = alerting.Rule.fromJSON({
    ruleId,
    effect: `RULE_EFFECT_${effect.toUpperCase()}`,
    ...(maxUrgency && { maxUrgency: `URGENCY_${maxUrgency}` }),
    ...(system !== '' && { system: enumOf(system, vehicle.VehicleSystem, 'system') }),
    ...rest,
  })
  return { ...wire, until }
}
