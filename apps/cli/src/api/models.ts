/** Models at the platform's REST door, as the command line uses it. */
import { model } from '@pitcrew/contracts'
import { path, type Door } from './door.ts'
import { openDoor, type Target } from './locate.ts'

export interface RollOut {
  version: string
  share: number
  reason: string
  skipCanary: boolean
}

export class Models {
  readonly #door: Door

  constructor(door: Door) {
    this.#door = door
  }

  async list(name = ''): Promise<model.ModelVersion[]> {
    return model.ListModelsResponse.fromJSON(await this.#door.get('/v1/models', { name })).models
  }

  async show(name: string, version: string): Promise<model.GetModelResponse> {
    return model.GetModelResponse.fromJSON(await this.#door.get(path`/v1/models/${name}/${version}`))
  }

  async register(artefact: string): Promise<model.ModelVersion | undefined> {
    return model.RegisterModelResponse.fromJSON(await this.#door.post('/v1/models', { artefact })).model
  }

  async rollOut(name: string, body: RollOut): Promise<model.ModelVersion | undefined> {
    return model.RollOutModelResponse.fromJSON(await this.#door.post(path`/v1/models/${name}/rollout`, body)).model
  }

  async rollBack(name: string, reason: string): Promise<model.ModelVersion | undefined> {
    return model.RollBackModelResponse.fromJSON(await this.#door.post(path`/v1/models/${name}/rollback`, { reason }))
      .model
  }
}

/** Throws Retryable NO_PLATFORM. */
export const openModels = (target: Target): Models => new Models(openDoor(target))
