/** Alerts and their rules at the platform's REST door, as the command line uses it. */
import { alerting } from '@pitcrew/contracts'
import { path, type Door } from './door.ts'
import { openDoor, type Target } from './locate.ts'

export interface RuleWish {
  effect: 'ignore' | 'cap'
  vehicleId?: string
  vehicleModel?: string
  system?: string
  feature?: string
  maxUrgency?: string
  until?: string
  reason: string
}

export class Alerts {
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  async find(query: { vehicle?: string; status?: string; limit?: string }): Promise<alerting.AlertRecord[]> {
    return alerting.FindAlertsResponse.fromJSON(await this.#door.get('/v1/alerts', query)).alerts
  }

  async acknowledge(alertId: string, note: string): Promise<alerting.AlertRecord | undefined> {
    const answer = await this.#door.post(path`/v1/alerts/${alertId}/acknowledge`, { note })
    return alerting.AcknowledgeAlertResponse.fromJSON(answer).alert
  }

  async rules(): Promise<alerting.Rule[]> {
    return alerting.ListRulesResponse.fromJSON(await this.#door.get('/v1/alert-rules')).rules
  }

  async putRule(id: string, wish: RuleWish): Promise<alerting.Rule | undefined> {
    return alerting.PutRuleResponse.fromJSON(await this.#door.post(path`/v1/alert-rules/${id}`, wish)).rule
  }

  async endRule(id: string, reason: string): Promise<void> {
    await this.#door.post(path`/v1/alert-rules/${id}/end`, { reason })
  }

  async audit(object: string, limit: string): Promise<alerting.ListAuditResponse['entries']> {
    return alerting.ListAuditResponse.fromJSON(await this.#door.get('/v1/alert-audit', { object, limit })).entries
  }
}

/** Throws Retryable NO_PLATFORM. */
export const openAlerts = (target: Target): Alerts => new Alerts(openDoor(target))
