/** Planned maintenance at the platform's REST door, as the command line uses it. */
import { maintenance } from '@pitcrew/contracts'
import { askJson, type HttpOptions } from './http.ts'
import { openGateway, type Target } from './locate.ts'

export interface PlanWish {
  what: string
  vehicleId?: string
  vehicleModel?: string
  everyKm?: number
  everyEngineHours?: number
  everyMonths?: number
  noticeShare?: number
  noticeKm?: number
  noticeDays?: number
  system: string
  component?: string
  parts?: string[]
  labourHours?: number
  reason?: string
}

export interface DoneWish {
  vehicleId: string
  at?: string
  odometerKm?: number
  engineHours?: number
  note: string
}

export class Maintenance {
  readonly #url: string
  readonly #options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.#url = `${url}/v1/maintenance`
    this.#options = options
  }

  async plans(): Promise<maintenance.Plan[]> {
    return maintenance.ListPlansResponse.fromJSON(await askJson(`${this.#url}/plans`, this.#options)).plans
  }

  async put(id: string, wish: PlanWish): Promise<maintenance.Plan | undefined> {
    return maintenance.PutPlanResponse.fromJSON(await this.#post(id, '', wish)).plan
  }

  async end(id: string, reason: string): Promise<void> {
    await this.#post(id, '/end', { reason })
  }

  async due(query: { vehicle?: string; plan?: string; state?: string; limit?: string }): Promise<maintenance.Due[]> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const search = new URLSearchParams(given).toString()
    return maintenance.ListDueResponse.fromJSON(await askJson(`${this.#url}/due?${search}`, this.#options)).due
  }

  async done(id: string, wish: DoneWish): Promise<maintenance.Due | undefined> {
    return maintenance.RecordDoneResponse.fromJSON(await this.#post(id, '/done', wish)).due
  }

  #post(id: string, what: string, body: unknown): Promise<unknown> {
    return askJson(`${this.#url}/plans/${encodeURIComponent(id)}${what}`, { ...this.#options, method: 'POST', body })
  }
}

/** Throws Retryable NO_PLATFORM. */
export function openMaintenance(target: Target): Maintenance {
  const { url } = openGateway(target)
  return new Maintenance(url, { token: process.env.PITCREW_TOKEN || undefined })
}
