/** Alerts and their rules at the platform's REST door, as the command line uses it. */
import { alerting } from '@pitcrew/contracts'
import { askJson, type HttpOptions } from './http.ts'
import { openGateway, type Target } from './locate.ts'

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
  readonly #url: string
  readonly #options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.#url = url
    this.#options = options
  }

  async find(query: { vehicle?: string; status?: string; limit?: string }): Promise<alerting.AlertRecord[]> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const search = new URLSearchParams(given).toString()
    return alerting.FindAlertsResponse.fromJSON(await this.#get(`/v1/alerts?${search}`)).alerts
  }

  async acknowledge(alertId: string, note: string): Promise<alerting.AlertRecord | undefined> {
    const answer = await this.#post(`/v1/alerts/${encodeURIComponent(alertId)}/acknowledge`, { note })
    return alerting.AcknowledgeAlertResponse.fromJSON(answer).alert
  }

  async rules(): Promise<alerting.Rule[]> {
    return alerting.ListRulesResponse.fromJSON(await this.#get('/v1/alert-rules')).rules
  }

  async putRule(id: string, wish: RuleWish): Promise<alerting.Rule | undefined> {
    return alerting.PutRuleResponse.fromJSON(await this.#post(`/v1/alert-rules/${encodeURIComponent(id)}`, wish)).rule
  }

  async endRule(id: string, reason: string): Promise<void> {
    await this.#post(`/v1/alert-rules/${encodeURIComponent(id)}/end`, { reason })
  }

  async audit(object: string, limit: string): Promise<alerting.ListAuditResponse['entries']> {
    const search = new URLSearchParams({ object, limit }).toString()
    return alerting.ListAuditResponse.fromJSON(await this.#get(`/v1/alert-audit?${search}`)).entries
  }

  #get(path: string): Promise<unknown> {
    return askJson(`${this.#url}${path}`, this.#options)
  }

  #post(path: string, body: unknown): Promise<unknown> {
    return askJson(`${this.#url}${path}`, { ...this.#options, method: 'POST', body })
  }
}

/** Throws Retryable NO_PLATFORM. */
export function openAlerts(target: Target): Alerts {
  const { url } = openGateway(target)
  return new Alerts(url, { token: process.env.PITCREW_TOKEN || undefined })
}
