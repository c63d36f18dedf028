/** Models at the platform's REST door, as the command line uses it. */
import { model } from '@pitcrew/contracts'
import { askJson, type HttpOptions } from './http.ts'
import { openGateway, type Target } from './locate.ts'

export interface RollOut {
  version: string
  share: number
  reason: string
  skipCanary: boolean
}

export class Models {
  readonly #url: string
  readonly #options: HttpOptions

  constructor(url: string, options: HttpOptions = {}) {
    this.#url = url
    this.#options = options
  }

  async list(name = ''): Promise<model.ModelVersion[]> {
    return model.ListModelsResponse.fromJSON(await this.#get(`?name=${encodeURIComponent(name)}`)).models
  }

  async show(name: string, version: string): Promise<model.GetModelResponse> {
    return model.GetModelResponse.fromJSON(
      await this.#get(`/${encodeURIComponent(name)}/${encodeURIComponent(version)}`),
    )
  }

  async register(artefact: string): Promise<model.ModelVersion | undefined> {
    return model.RegisterModelResponse.fromJSON(await this.#post('', { artefact })).model
  }

  async rollOut(name: string, body: RollOut): Promise<model.ModelVersion | undefined> {
    return model.RollOutModelResponse.fromJSON(await this.#post(`/${encodeURIComponent(name)}/rollout`, body)).model
  }

  async rollBack(name: string, reason: string): Promise<model.ModelVersion | undefined> {
    return model.RollBackModelResponse.fromJSON(await this.#post(`/${encodeURIComponent(name)}/rollback`, { reason }))
      .model
  }

  #get(path: string): Promise<unknown> {
    return askJson(`${this.#url}/v1/models${path}`, this.#options)
  }

  #post(path: string, body: unknown): Promise<unknown> {
    return askJson(`${this.#url}/v1/models${path}`, { ...this.#options, method: 'POST', body })
  }
}

/** Throws Retryable NO_PLATFORM. */
export function openModels(target: Target): Models {
  const { url } = openGateway(target)
  return new Models(url, { token: process.env.PITCREW_TOKEN || undefined })
}
