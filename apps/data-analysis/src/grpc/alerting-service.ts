import { alerting } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import { listLimit, unary, type RpcService } from '@pitcrew/rpc'
import { checkRule } from '../domain/index.ts'
import type { AlertDesk, ListedAlert, RuleStore } from '../handlers/alerting/ports.ts'
import { readRule, ruleMessage } from '../messages/rule.ts'
import { auditMessage, isoTime } from '../messages/vocabulary.ts'

export interface AlertingDoor {
  desk: AlertDesk
  rules: RuleStore
  now(): number
}

export function alertingService({ desk, rules, now }: AlertingDoor): RpcService {
  const implementation: alerting.AlertingServiceServer = {
    findAlerts: unary(async ({ vehicleId, statuses, limit }) => {
      const found = await desk.find({ vehicleId, statuses: statuses.map(statusOf), limit: listLimit(limit) })
      return { alerts: found.map(recordMessage) }
    }),
    acknowledgeAlert: unary(async ({ alertId, subject, note }) => {
      const alert = await desk.acknowledge(alertId, { subject, reason: note, atMs: now() })
      if (alert === undefined) throw notFound(`alert ${JSON.stringify(alertId)}`, './pitcrew alerts list')
      return { alert: recordMessage(alert) }
    }),
    putRule: unary(async ({ rule: message, subject }) => {
      const atMs = now()
      const rule = checkRule(readRule(message), atMs)
      await rules.put(rule, { subject, reason: rule.reason, atMs })
      return { rule: ruleMessage({ rule, subject, putAtMs: atMs }) }
    }),
    endRule: unary(async ({ ruleId, subject, reason }) => {
      if (await rules.end(ruleId, { subject, reason, atMs: now() })) return {}
      throw notFound(`rule ${JSON.stringify(ruleId)}`, './pitcrew alerts rules')
    }),
    listRules: unary(async () => ({ rules: (await rules.list(now())).map(ruleMessage) })),
    listAudit: unary(async ({ object, limit }) => ({
      entries: (await desk.audit(object, listLimit(limit))).map(auditMessage),
    })),
  }
  return { definition: alerting.AlertingServiceService, implementation }
}

const statuses = {
  open: alerting.AlertStatus.OPEN,
  cleared: alerting.AlertStatus.CLEARED,
  ended: alerting.AlertStatus.ENDED,
} as const

function statusOf(message: alerting.AlertStatus): keyof typeof statuses {
  const found = (Object.keys(statuses) as (keyof typeof statuses)[]).find((name) => statuses[name] === message)
  if (found !== undefined) return found
  throw new Terminal('BAD_REQUEST', `${message} is no status of an alert: expected open, cleared or ended`)
}

function recordMessage({ alert, status, outcome, acknowledged }: ListedAlert): alerting.AlertRecord {
  const seen = acknowledged && {
    at: isoTime(acknowledged.atMs),
    subject: acknowledged.subject,
    note: acknowledged.note,
  }
  return { alert, status: statuses[status], outcome, acknowledged: seen }
}

const notFound = (what: string, hint: string) => new Terminal('NOT_FOUND', `there is no ${what}`, { hint })
