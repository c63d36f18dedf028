import type { analysis } from '@pitcrew/contracts'
import type { AlertRule } from '../../domain/index.ts'
import type { Act, AuditRecord } from '../audit-record.ts'

export interface StandingRule {
  rule: AlertRule
  subject: string
  putAtMs: number
}

export interface RuleStore {
  /** One with the same id is replaced. */
  put(rule: AlertRule, act: Act): Promise<void>
  /** False when there is none in force. */
  end(ruleId: string, act: Act): Promise<boolean>
  list(nowMs: number): Promise<StandingRule[]>
  inForce(nowMs: number): Promise<AlertRule[]>
}

export type AlertStatus = 'open' | 'cleared' | 'ended'

export interface ListedAlert {
  alert: analysis.Alert
  status: AlertStatus
  outcome: string
  acknowledged?: { atMs: number; subject: string; note: string }
}

export interface AlertSearch {
  /** '' for all. */
  vehicleId: string
  /** Empty for all. */
  statuses: readonly AlertStatus[]
  limit: number
}

export interface AlertDesk {
  /** The latest first. */
  find(search: AlertSearch): Promise<ListedAlert[]>
  /** The first who acknowledged stays; undefined when there is no such alert. */
  acknowledge(alertId: string, act: Act): Promise<ListedAlert | undefined>
  /** The latest first; '' for all objects. */
  audit(object: string, limit: number): Promise<AuditRecord[]>
}
