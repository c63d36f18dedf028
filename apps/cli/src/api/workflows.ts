/** Workflows at the platform's REST door, as the command line uses it. */
import { engine } from '@pitcrew/contracts'
import { followWorkflow } from './follow.ts'
import { askJson, askText, type HttpOptions, type Question } from './http.ts'
import { openGateway, type Target } from './locate.ts'

/** Parameters of a query; what is undefined or '' is left out. */
export type Query = Record<string, string | number | undefined>

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
  readonly url: string
  readonly #options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.url = url
    this.#options = options
  }

  async definitions(): Promise<engine.DefinitionSummary[]> {
    return engine.ListDefinitionsResponse.fromJSON(await this.#get('/v1/definitions')).definitions
  }

  async definition(name: string, version = 'latest'): Promise<engine.GetDefinitionResponse> {
    return engine.GetDefinitionResponse.fromJSON(await this.#get(path`/v1/definitions/${name}/${version}`))
  }

  async templates(): Promise<engine.Template[]> {
    return engine.ListTemplatesResponse.fromJSON(await this.#get('/v1/templates')).templates
  }

  async start(start: Start): Promise<engine.StartWorkflowResponse> {
    return engine.StartWorkflowResponse.fromJSON(await this.#post('/v1/workflows', start))
  }

  async search(query: Query): Promise<engine.SearchWorkflowsResponse> {
    return engine.SearchWorkflowsResponse.fromJSON(await this.#get('/v1/workflows', query))
  }

  async show(id: string, query: Query = {}): Promise<engine.GetWorkflowResponse & { workflow: engine.Workflow }> {
    const found = engine.GetWorkflowResponse.fromJSON(await this.#get(path`/v1/workflows/${id}`, query))
    return { ...found, workflow: found.workflow ?? engine.Workflow.fromPartial({ workflowId: id }) }
  }

  async summary(id: string): Promise<engine.SummarizeWorkflowResponse> {
    return engine.SummarizeWorkflowResponse.fromJSON(await this.#get(path`/v1/workflows/${id}/summary`))
  }

  async result(id: string, waitMs: number): Promise<engine.WaitForResultResponse> {
    const answer = await this.#get(path`/v1/workflows/${id}/result`, { waitMs }, { timeoutMs: waitMs + 15_000 })
    return engine.WaitForResultResponse.fromJSON(answer)
  }

  /** Its transitions after this number as they happen, for as long as they are read. */
  follow(id: string, after: number): AsyncGenerator<engine.FollowWorkflowsResponse> {
    return followWorkflow(this.url, id, after, this.#options)
  }

  /** SVG or Mermaid. */
  drawingOfWorkflow(id: string, format: string): Promise<string> {
    return askText(this.#at(path`/v1/workflows/${id}/drawing`, { format }), this.#options)
  }

  drawingOfDefinition(name: string, version: string, format: string): Promise<string> {
    return askText(this.#at(path`/v1/definitions/${name}/${version}`, { format }), this.#options)
  }

  async approvals(query: Query): Promise<engine.Approval[]> {
    return engine.ListApprovalsResponse.fromJSON(await this.#get('/v1/approvals', query)).approvals
  }

  async decide(id: string, approval: string, body: { approved: boolean; comment: string }): Promise<void> {
    await this.#post(
      approval ? path`/v1/workflows/${id}/approvals/${approval}` : path`/v1/workflows/${id}/approvals`,
      body,
    )
  }

  /** What the platform answers: nothing, or the value of a query or an update. */
  steer(id: string, verb: Verb, body: object): Promise<unknown> {
    return this.#post(path`/v1/workflows/${id}/${verb}`, body)
  }

  async bulk(body: object): Promise<engine.OperateInBulkResponse> {
    return engine.OperateInBulkResponse.fromJSON(await this.#post('/v1/workflows:bulk', body, bulkTimeoutMs))
  }

  async statistics(query: Query): Promise<engine.GetWorkflowStatisticsResponse> {
    return engine.GetWorkflowStatisticsResponse.fromJSON(await this.#get('/v1/workflow-statistics', query))
  }

  async evaluations(query: Query): Promise<engine.ListEvaluationsResponse> {
    return engine.ListEvaluationsResponse.fromJSON(await this.#get('/v1/evaluations', query))
  }

  #get(at: string, query: Query = {}, question: Question = {}): Promise<unknown> {
    return askJson(this.#at(at, query), { ...this.#options, ...question })
  }

  #post(at: string, body: unknown, timeoutMs?: number): Promise<unknown> {
    return askJson(this.#at(at), { ...this.#options, method: 'POST', body, ...(timeoutMs && { timeoutMs }) })
  }

  #at(at: string, query: Query = {}): string {
    const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
      value === undefined || value === '' ? [] : [[key, String(value)]],
    )
    return `${this.url}${at}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`
  }
}

/** A path whose parts are percent-encoded, slashes too. */
const path = (texts: TemplateStringsArray, ...parts: string[]): string =>
  String.raw({ raw: texts }, ...parts.map(encodeURIComponent))

/** Throws Retryable NO_PLATFORM. */
export function openWorkflows(target: Target, env: Record<string, string | undefined> = process.env): Workflows {
  return new Workflows(openGateway(target, env).url, { token: env.PITCREW_TOKEN || undefined })
}
