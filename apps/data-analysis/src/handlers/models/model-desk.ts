/** What people do with models: register, look at, roll out and roll back. */
import { hash } from 'node:crypto'
import { Terminal } from '@pitcrew/errors'
import { rollBack, rollOut, slotOf, versionFor, type Rollout } from '../../domain/models/rollout.ts'
import { readArtefact } from '../../domain/models/served-model.ts'
import type { ModelStore, ServingRecord, StoredModel } from './ports.ts'

export interface ModelView {
  model: StoredModel
  standing: Standing
  record?: ServingRecord
}

export type Standing =
  | { status: 'registered' }
  | { status: 'canary'; share: number; sinceMs: number }
  | { status: 'stable'; sinceMs: number }

export interface ModelDesk {
  /** Throws Terminal MODEL_INVALID, MODEL_EXISTS. */
  register(artefact: string, subject: string): Promise<ModelView>
  list(name: string): Promise<ModelView[]>
  /** Throws Terminal NOT_FOUND. */
  get(name: string, version: string): Promise<ModelView & { artefact: string }>
  /** Throws what rollOut throws, and NOT_FOUND. */
  rollOut(name: string, version: string, wish: RollOutWish): Promise<ModelView>
  /** What serves then. Throws Terminal NOTHING_TO_ROLL_BACK. */
  rollBack(name: string, by: { subject: string; reason: string }): Promise<ModelView | undefined>
}

export interface RollOutWish {
  share: number
  subject: string
  reason: string
  skipCanary: boolean
}

export function modelDesk(store: ModelStore, now: () => number): ModelDesk {
  const found = async (name: string, version: string) => {
    const one = await store.find(name, version)
    if (one !== undefined) return one
    throw new Terminal('NOT_FOUND', `there is no model ${name} ${version}`, { hint: './pitcrew models list' })
  }
  const view = async (model: StoredModel, rollout: Rollout = {}): Promise<ModelView> => {
    const standing = standingOf(rollout, model.version)
    if (standing.status === 'registered') return { model, standing }
    const ids = await store.vehicleIds()
    const mine = new Set(ids.filter((id) => versionFor(rollout, slotOf(model.name, id)) === model.version))
    return { model, standing, record: await store.record(mine, standing.sinceMs) }
  }
  const rolloutOf = async (name: string) => (await store.rollouts()).get(name)

  return {
    async register(artefact, subject) {
      const { card } = readArtefact(artefact)
      const { name, version, kind } = card
      const atMs = now()
      const model: StoredModel = {
        name,
        version,
        kind,
        sha256: hash('sha256', artefact, 'hex'),
        card: JSON.stringify(card),
        registeredAtMs: atMs,
        registeredBy: subject,
      }
      await store.register(model, artefact, { subject, reason: '', atMs })
      return view((await found(name, version)).model, await rolloutOf(name))
    },
    async list(name) {
      const rollouts = await store.rollouts()
      const views: ModelView[] = []
      for (const model of await store.list(name)) views.push(await view(model, rollouts.get(model.name)))
      return views
    },
    async get(name, version) {
      const { model, artefact } = await found(name, version)
      return { ...(await view(model, await rolloutOf(name))), artefact }
    },
    async rollOut(name, version, { share, subject, reason, skipCanary }) {
      const { model, artefact } = await found(name, version)
      // What was registered by an earlier release may be of a form that is no longer read.
      readArtefact(artefact)
      if (skipCanary && reason === '')
        throw new Terminal('NO_REASON', 'a canary is waived only with a reason', { hint: 'say why it cannot wait' })
      const atMs = now()
      const act = { subject, reason, atMs, action: 'model.rolled-out' }
      const after = await store.change(
        name,
        (before) => rollOut(before, { version, share, nowMs: atMs, skipCanary }),
        act,
      )
      return view(model, after)
    },
    async rollBack(name, { subject, reason }) {
      const atMs = now()
      const act = { subject, reason, atMs, action: 'model.rolled-back' }
      if ((await store.list(name)).length === 0)
        throw new Terminal('NOT_FOUND', `there is no model ${name}`, { hint: './pitcrew models list' })
      const { stable } = await store.change(name, (before) => rollBack(before, atMs), act)
      return stable && view((await found(name, stable.version)).model, { stable })
    },
  }
}

function standingOf({ stable, canary }: Rollout, version: string): Standing {
  if (canary?.version === version) return { status: 'canary', share: canary.share, sinceMs: canary.sinceMs }
  return stable?.version === version ? { status: 'stable', sinceMs: stable.sinceMs } : { status: 'registered' }
}
