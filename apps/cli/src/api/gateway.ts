import { analysis, engagement, manufacturing, scheduling, ueba, workflow } from '@pitcrew/contracts'
import { Door, path } from './door.ts'
import type { HttpOptions } from './http.ts'

export type CaseAction = 'pause' | 'resume' | 'cancel' | 'retry' | 'approve'

export interface CaseQuery {
  vehicle?: string
  /** Names without prefix, `SCHEDULED`. */
  phases?: readonly string[]
  limit?: number
}

/** Cases, agents and the other views that the platform's REST door gives, as the command line uses them. */
export class Gateway {
  readonly #door: Door

  constructor(url: string, options: HttpOptions = {}) {
    this.#door = new Door(url, options)
  }

  get url(): string {
    return this.#door.url
  }

  async cases({ vehicle, phases, limit }: CaseQuery = {}): Promise<workflow.Case[]> {
    const query = { vehicle, phase: phases?.length ? phases.join(',') : undefined, limit }
    return workflow.ListCasesResponse.fromJSON(await this.#door.get('/v1/cases', query)).cases
  }

  async case(id: string): Promise<workflow.GetCaseResponse & { case: workflow.Case }> {
    const found = workflow.GetCaseResponse.fromJSON(await this.#door.get(path`/v1/cases/${id}`))
    return { ...found, case: found.case ?? workflow.Case.fromPartial({ caseId: id }) }
  }

  async act(id: string, action: CaseAction, body: Record<string, unknown> = {}): Promise<workflow.Case | undefined> {
    const answer = await this.#door.post(path`/v1/cases/${id}/${action}`, body)
    return workflow.PauseCaseResponse.fromJSON(answer).case
  }

  async messages(caseId: string): Promise<engagement.MessageRecord[]> {
    const answer = await this.#door.get(path`/v1/cases/${caseId}/messages`)
    return engagement.ListMessagesResponse.fromJSON(answer).messages
  }

  async bookings(caseId: string): Promise<scheduling.Booking[]> {
    return scheduling.ListBookingsResponse.fromJSON(await this.#door.get('/v1/bookings', { case: caseId })).bookings
  }

  async health(vehicleId: string): Promise<analysis.GetVehicleHealthResponse> {
    return analysis.GetVehicleHealthResponse.fromJSON(await this.#door.get(path`/v1/vehicles/${vehicleId}/health`))
  }

  async statistics(): Promise<workflow.GetStatisticsResponse> {
    return workflow.GetStatisticsResponse.fromJSON(await this.#door.get('/v1/statistics'))
  }

  async agents(): Promise<workflow.RegisteredAgent[]> {
    return workflow.ListAgentsResponse.fromJSON(await this.#door.get('/v1/agents')).agents
  }

  async quality(): Promise<manufacturing.GetSummaryResponse> {
    return manufacturing.GetSummaryResponse.fromJSON(await this.#door.get('/v1/quality/summary'))
  }

  async verifyAudit(): Promise<ueba.VerifyAuditResponse> {
    return ueba.VerifyAuditResponse.fromJSON(await this.#door.get('/v1/audit/verify'))
  }
}
