/** L3: alerts, who knows of them, and the rules by which the fleet is not told of some. */
import { alerting } from '@pitcrew/contracts'
import { openAlerts, type RuleWish } from '../../api/alerts.ts'
import type { Target } from '../../api/locate.ts'
import { plain } from '../../print/names.ts'
import { table } from '../../print/table.ts'
import { tick } from '../../print/ticks.ts'
import { json, line } from '../output.ts'
import { timeToCome } from '../workflows/given.ts'

interface Options extends Target {
  json?: boolean
}

export interface ListOptions extends Options {
  vehicle?: string
  status?: string
  limit?: string
}

export async function listAlerts({ vehicle, status, limit, ...options }: ListOptions): Promise<void> {
  const alerts = await openAlerts(options).find({ vehicle, status: status?.toUpperCase(), limit })
  if (options.json) return json(alerts)
  line(alerts.length === 0 ? 'no alert' : alertsTable(alerts))
}

export function alertsTable(alerts: readonly alerting.AlertRecord[]): string {
  return table(
    ['alert', 'system', 'urgency', 'state', 'raised', 'known to', 'strongest evidence'],
    alerts.map(({ alert, status, outcome, acknowledged }) => [
      alert?.alertId ?? '',
      plain(alert?.system ?? ''),
      plain(alert?.urgency ?? ''),
      [plain(status), outcome].filter((word) => word !== '').join(', '),
      alert?.raisedAt ?? '',
      acknowledged?.subject ?? 'nobody',
      alert?.evidence[0]?.explanation ?? '',
    ]),
  )
}

export async function acknowledgeAlert(alertId: string, options: Options & { note: string }): Promise<void> {
  const record = await openAlerts(options).acknowledge(alertId, options.note)
  if (options.json) return json(record)
  line(tick('ok', alertId, { words: `known to ${record?.acknowledged?.subject} since ${record?.acknowledged?.at}` }))
}

export async function listRules(options: Options): Promise<void> {
  const rules = await openAlerts(options).rules()
  if (options.json) return json(rules)
  if (rules.length === 0) return line('no rule is in force: everything is told')
  line(
    table(
      ['rule', 'does', 'vehicle', 'model', 'system', 'evidence', 'until', 'by', 'why'],
      rules.map((rule) => [
        rule.ruleId,
        rule.effect === alerting.RuleEffect.CAP ? `caps at ${plain(rule.maxUrgency)}` : 'ignores',
        rule.vehicleId || 'any',
        rule.vehicleModel || 'any',
        rule.system.endsWith('UNSPECIFIED') ? 'any' : plain(rule.system),
        rule.feature || 'any',
        rule.until ?? 'ended by hand',
        rule.subject,
        rule.reason,
      ]),
    ),
  )
}

export interface RuleOptions extends Options {
  vehicle?: string
  model?: string
  system?: string
  evidence?: string
  until?: string
  reason: string
  at?: string
}

export async function putRule(id: string, effect: RuleWish['effect'], options: RuleOptions): Promise<void> {
  const { vehicle, model, system, evidence, until, reason, at } = options
  const rule = await openAlerts(options).putRule(id, {
    effect,
    ...(vehicle !== undefined && { vehicleId: vehicle }),
    ...(model !== undefined && { vehicleModel: model }),
    ...(system !== undefined && { system: system.toUpperCase() }),
    ...(evidence !== undefined && { feature: evidence }),
    ...(at !== undefined && { maxUrgency: at.toUpperCase() }),
    ...(until !== undefined && { until: timeToCome(until, '--until', Date.now()) }),
    reason,
  })
  if (options.json) return json(rule)
  line(tick('ok', id, { words: 'in force within seconds' }))
}

export async function endRule(id: string, options: Options & { reason: string }): Promise<void> {
  await openAlerts(options).endRule(id, options.reason)
  if (options.json) return json({ ruleId: id, ended: true })
  line(tick('ok', id, { words: 'ended' }))
}

export async function showAudit(object: string, options: Options & { limit: string }): Promise<void> {
  const entries = await openAlerts(options).audit(object, options.limit)
  if (options.json) return json(entries)
  if (entries.length === 0) return line('nothing was changed')
  const rows = entries.map((entry) => [
    ...[entry.at ?? '', entry.action, entry.object, standing(entry.detail), entry.subject, entry.reason],
  ])
  line(table(['when', 'what', 'of what', 'now', 'who', 'why'], rows))
}

interface Serving {
  version?: string
  share?: number
}

/** What serves after a roll-out, from the detail of its audit entry: `20261120T194437Z all, 20261121T080000Z 10 %`. */
export function standing(detail: string): string {
  const parsed: unknown = detail === '' ? undefined : JSON.parse(detail)
  if (typeof parsed !== 'object' || parsed === null || !('after' in parsed)) return ''
  const { stable, canary } = parsed.after as { stable?: Serving | null; canary?: Serving | null }
  return [
    ...(stable?.version === undefined ? [] : [`${stable.version} all`]),
    ...(canary?.version === undefined ? [] : [`${canary.version} ${canary.share} %`]),
  ].join(', ')
}
