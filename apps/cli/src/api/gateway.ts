import { analysis, engagement, manufacturing, scheduling, ueba, workflow } from '@pitcrew/contracts'
import { askJson, type HttpOptions } from './http.ts'

export type CaseAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'approve'

export interface CaseQuery {
  vehicle?: string
  /** Names without prefix, `SCHEDULED`. */
  phases?: readonly string[]
  limit?: number
}

/** The platform's REST door, as the command line uses it. Refusals are thrown with the code that the platform gave. */
export class Gateway {
  readonly url: string
  readonly #options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.url = url.replace(/\/+$/, '')
    this.#options = options
  }

  async cases({ vehicle, phases, limit }: CaseQuery = {}): Promise<workflow.Case[]> {
    const query = { vehicle, phase: phases?.length ? phases.join(',') : undefined, limit }
    return workflow.ListCasesResponse.fromJSON(await this.#get('/v1/cases', query)).cases
  }

  async case(id: string): Promise<workflow.GetCaseResponse & { case: workflow.Case }> {
    const found = workflow.GetCaseResponse.fromJSON(await this.#get(`/v1/cases/${encodeURIComponent(id)}`))
    return { ...found, case: found.case ?? workflow.Case.fromPartial({ caseId: id }) }
  }

  async act(id: string, action: CaseAction, body: Record<string, unknown> = {}): Promise<workflow.Case | undefined> {
    const answer = await askJson(this.#at(`/v1/cases/${encodeURIComponent(id)}/${action}`), {
      ...this.#options,
      method: 'POST',
      body,
    })
    return workflow.PauseCaseResponse.fromJSON(answer).case
  }

  async messages(caseId: string): Promise<engagement.MessageRecord[]> {
    const answer = await this.#get(`/v1/cases/${encodeURIComponent(caseId)}/messages`)
    return engagement.ListMessagesResponse.fromJSON(answer).messages
  }

  async bookings(caseId: string): Promise<scheduling.Booking[]> {
    return scheduling.ListBookingsResponse.fromJSON(await this.#get('/v1/bookings', { case: caseId })).bookings
  }

  async health(vehicleId: string): Promise<analysis.GetVehicleHealthResponse> {
    return analysis.GetVehicleHealthResponse.fromJSON(
      await this.#get(`/v1/vehicles/${encodeURIComponent(vehicleId)}/health`),
    )
  }

  async statistics(): Promise<workflow.GetStatisticsResponse> {
    return workflow.GetStatisticsResponse.fromJSON(await this.#get('/v1/statistics'))
  }

  async agents(): Promise<workflow.RegisteredAgent[]> {
    return workflow.ListAgentsResponse.fromJSON(await this.#get('/v1/agents')).agents
  }

  async quality(): Promise<manufacturing.GetSummaryResponse> {
    return manufacturing.GetSummaryResponse.fromJSON(await this.#get('/v1/quality/summary'))
  }

  async verifyAudit(): Promise<ueba.VerifyAuditResponse> {
    return ueba.VerifyAuditResponse.fromJSON(await this.#get('/v1/audit/verify'))
  }

  #get(path: string, query: Record<string, string | number | undefined> = {}): Promise<unknown> {
    const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, String(value)]],
    )
    const search = new URLSearchParams(given).toString()
    return askJson(this.#at(search === '' ? path : `${path}?${search}`), this.#options)
  }

  #at(path: string): string {
    return `${this.url}${path}`
  }
}
