/**
 * Owns: the models that serve, read and at hand. Invariants:
 * 1. A version that cannot be read serves nobody: its vehicles are judged by the detectors alone, and `unreadable` says so.
 * 2. Between two looks at the store nothing changes: all frames of a batch are judged by the same models.
 */
import { toFailure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import { slotOf, versionFor, type Rollout } from '../../domain/models/rollout.ts'
import { readArtefact, type ServedModel } from '../../domain/models/served-model.ts'
import type { ModelStore } from './ports.ts'

export interface ServedModels {
  /** Reads roll-outs and what they need. True when something has changed since the last time. */
  refresh(): Promise<boolean>
  /** At most one of each name. `vehicleModel`: '' when unknown. */
  servedTo(vehicleId: string, vehicleModel: string): ServedModel[]
  /** "name version" of those that are rolled out and cannot be read, with the code of why. */
  unreadable(): ReadonlyMap<string, string>
}

export function servedModels(store: Pick<ModelStore, 'rollouts' | 'find'>, logger: Logger): ServedModels {
  let rollouts = new Map<string, Rollout>()
  let known = ''
  let artefacts = new Map<string, ServedModel>()
  let unreadable = new Map<string, string>()

  async function read(name: string, version: string): Promise<ServedModel | undefined> {
    const key = `${name} ${version}`
    const before = artefacts.get(key)
    if (before !== undefined) return before
    const found = await store.find(name, version)
    if (found === undefined) return undefined
    try {
      return readArtefact(found.artefact).served
    } catch (thrown) {
      const { code, message } = toFailure(thrown)
      unreadable.set(key, code)
      logger.error('a model cannot be read and serves nobody', { model: name, version, code, reason: message })
      return undefined
    }
  }

  return {
    unreadable: () => unreadable,
    async refresh() {
      const now = await store.rollouts()
      const text = JSON.stringify([...now])
      if (text === known) return false
      unreadable = new Map()
      const inUse = new Map<string, ServedModel>()
      for (const [name, { stable, canary }] of now)
        for (const version of [stable?.version, canary?.version]) {
          const model = version === undefined ? undefined : await read(name, version)
          if (model !== undefined) inUse.set(`${name} ${version}`, model)
        }
      artefacts = inUse
      rollouts = now
      known = text
      return true
    },
    servedTo(vehicleId, vehicleModel) {
      const served: ServedModel[] = []
      for (const [name, rollout] of rollouts) {
        const model = artefacts.get(`${name} ${versionFor(rollout, slotOf(name, vehicleId))}`)
        if (model && (model.vehicleModels.length === 0 || model.vehicleModels.includes(vehicleModel)))
          served.push(model)
      }
      return served
    },
  }
}
