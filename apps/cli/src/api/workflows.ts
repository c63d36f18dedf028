/** Workflows at the platform's REST door, as the command line uses it. */
import { engine } from '@pitcrew/contracts'
import { path, type Door, type Query } from './door.ts'
import { followWorkflow } from './follow.ts'
import { askText } from './http.ts'
import { openDoor, type Target } from './locate.ts'

export type Verb =
  'signals' | 'query' | 'updates' | 'pause' | 'resume' | 'cancel' | 'terminate' | 'retry' | 'reset' | 'migrate'

export interface Start {
  id?: string | undefined
  template?: string
  definition?: string
  version?: number | undefined
  input?: unknown
  attributes?: Record<string, unknown>
}

/** A thousand workflows in bulk take longer than one. */
const bulkTimeoutMs = 65_000

export class Workflows {
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  async definitions(): Promise<engine.DefinitionSummary[]> {
    return engine.ListDefinitionsResponse.fromJSON(await this.#door.get('/v1/definitions')).definitions
  }

  async definition(name: string, version = 'latest'): Promise<engine.GetDefinitionResponse> {
    return engine.GetDefinitionResponse.fromJSON(await this.#door.get(path`/v1/definitions/${name}/${version}`))
  }

  async templates(): Promise<engine.Template[]> {
    return engine.ListTemplatesResponse.fromJSON(await this.#door.get('/v1/templates')).templates
  }

  async start(start: Start): Promise<engine.StartWorkflowResponse> {
    return engine.StartWorkflowResponse.fromJSON(await this.#door.post('/v1/workflows', start))
  }

  async search(query: Query): Promise<engine.SearchWorkflowsResponse> {
    return engine.SearchWorkflowsResponse.fromJSON(await this.#door.get('/v1/workflows', query))
  }

  async show(id: string, query: Query = {}): Promise<engine.GetWorkflowResponse & { workflow: engine.Workflow }> {
    const found = engine.GetWorkflowResponse.fromJSON(await this.#door.get(path`/v1/workflows/${id}`, query))
    return { ...found, workflow: found.workflow ?? engine.Workflow.fromPartial({ workflowId: id }) }
  }

  async summary(id: string): Promise<engine.SummarizeWorkflowResponse> {
    return engine.SummarizeWorkflowResponse.fromJSON(await this.#door.get(path`/v1/workflows/${id}/summary`))
  }

  async result(id: string, waitMs: number): Promise<engine.WaitForResultResponse> {
    const answer = await this.#door.get(path`/v1/workflows/${id}/result`, { waitMs }, waitMs + 15_000)
    return engine.WaitForResultResponse.fromJSON(answer)
  }

  /** Its transitions after this number as they happen, for as long as they are read. */
  follow(id: string, after: number): AsyncGenerator<engine.FollowWorkflowsResponse> {
    return followWorkflow(this.#door.url, id, after, this.#door.options)
  }

  /** SVG or Mermaid. */
  drawingOfWorkflow(id: string, format: string): Promise<string> {
    return askText(this.#door.at(path`/v1/workflows/${id}/drawing`, { format }), this.#door.options)
  }

  drawingOfDefinition(name: string, version: string, format: string): Promise<string> {
    return askText(this.#door.at(path`/v1/definitions/${name}/${version}`, { format }), this.#door.options)
  }

  async approvals(query: Query): Promise<engine.Approval[]> {
    return engine.ListApprovalsResponse.fromJSON(await this.#door.get('/v1/approvals', query)).approvals
  }

  async decide(id: string, approval: string, body: { approved: boolean; comment: string }): Promise<void> {
    await this.#door.post(
      approval ? path`/v1/workflows/${id}/approvals/${approval}` : path`/v1/workflows/${id}/approvals`,
      body,
    )
  }

  /** What the platform answers: nothing, or the value of a query or an update. */
  steer(id: string, verb: Verb, body: object): Promise<unknown> {
    return this.#door.post(path`/v1/workflows/${id}/${verb}`, body)
  }

  async bulk(body: object): Promise<engine.OperateInBulkResponse> {
    return engine.OperateInBulkResponse.fromJSON(await this.#door.post('/v1/workflows:bulk', body, bulkTimeoutMs))
  }

  async statistics(query: Query): Promise<engine.GetWorkflowStatisticsResponse> {
    return engine.GetWorkflowStatisticsResponse.fromJSON(await this.#door.get('/v1/workflow-statistics', query))
  }

  async evaluations(query: Query): Promise<engine.ListEvaluationsResponse> {
    return engine.ListEvaluationsResponse.fromJSON(await this.#door.get('/v1/evaluations', query))
  }
}

/** Throws Retryable NO_PLATFORM. */
export const openWorkflows = (target: Target, env: Record<string, string | undefined> = process.env): Workflows =>
  new Workflows(openDoor(target, env))
