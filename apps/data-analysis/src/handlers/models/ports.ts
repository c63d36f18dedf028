import type { Act } from '../audit-record.ts'
import type { Rollout } from '../../domain/models/rollout.ts'

export interface StoredModel {
  name: string
  version: string
  kind: string
  sha256: string
  /** JSON. */
  card: string
  registeredAtMs: number
  registeredBy: string
}

/** What some vehicles have met since a model serves them. */
export interface ServingRecord {
  vehicles: number
  alerts: number
  unconfirmed: number
}

export interface ModelStore {
  /** False when exactly this one is known already. Terminal MODEL_EXISTS when another artefact has its name and version. */
  register(model: StoredModel, artefact: string, act: Act): Promise<boolean>
  /** The latest registered first; of all names with ''. */
  list(name: string): Promise<StoredModel[]>
  find(name: string, version: string): Promise<{ model: StoredModel; artefact: string } | undefined>
  rollouts(): Promise<Map<string, Rollout>>
  /** Changes the roll-out of the name in one transaction, with its audit entry. */
  change(name: string, change: (before: Rollout) => Rollout, act: Act & { action: string }): Promise<Rollout>
  record(vehicleIds: ReadonlySet<string>, sinceMs: number): Promise<ServingRecord>
  /** Of the vehicles that have sent telemetry. */
  vehicleIds(): Promise<string[]>
}
