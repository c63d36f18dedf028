import type { Database } from '@pitcrew/database'
import type { AlertRule } from '../domain/index.ts'
import type { RuleStore } from '../handlers/alerting/ports.ts'
import { writeAudit } from './audit.ts'

const iso = (ms: number) => new Date(ms).toISOString()

export function ruleStore(database: Database): RuleStore {
  const list = async (nowMs: number) => {
    const rows = await database.query<{ rule: string; subject: string; put_at: string }>(
      `select rule, subject, put_at from analysis.alert_rule
       where until is null or until > $1::timestamptz order by put_at, rule_id`,
      [iso(nowMs)],
    )
    return rows.map(({ rule, subject, put_at }) => ({
      rule: JSON.parse(rule) as AlertRule,
      subject,
      putAtMs: Date.parse(put_at),
    }))
  }
  return {
    list,
    inForce: async (nowMs) => (await list(nowMs)).map(({ rule }) => rule),
    put: (rule, act) =>
      database.transaction(async (tx) => {
        const { ruleId, untilMs } = rule
        await tx.query(
          `insert into analysis.alert_rule (rule_id, rule, subject, put_at, until)
           values ($1, $2, $3, $4::timestamptz, $5::timestamptz)
           on conflict (rule_id) do update set rule = excluded.rule, subject = excluded.subject,
             put_at = excluded.put_at, until = excluded.until`,
          [ruleId, JSON.stringify(rule), act.subject, iso(act.atMs), untilMs === undefined ? null : iso(untilMs)],
        )
        await writeAudit(tx, { ...act, action: 'rule.put', object: `rule ${ruleId}`, detail: rule })
      }),
    end: (ruleId, act) =>
      database.transaction(async (tx) => {
        const ended = await tx.query<{ rule: string }>(
          'delete from analysis.alert_rule where rule_id = $1 returning rule',
          [ruleId],
        )
        if (ended.length === 0) return false
        const detail = JSON.parse(ended[0]!.rule) as unknown
        await writeAudit(tx, { ...act, action: 'rule.ended', object: `rule ${ruleId}`, detail })
        return true
      }),
  }
}
