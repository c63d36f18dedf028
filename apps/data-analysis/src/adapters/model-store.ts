import type { Database, Sql } from '@pitcrew/database'
import { Terminal } from '@pitcrew/errors'
import type { Rollout } from '../domain/models/rollout.ts'
import type { ModelStore, StoredModel } from '../handlers/models/ports.ts'
import { writeAudit } from './audit.ts'

const columns = `name, version, kind, sha256, card, registered_at as "registeredAt", registered_by as "registeredBy"`

type Row = Omit<StoredModel, 'registeredAtMs'> & { registeredAt: string }

const modelOf = ({ registeredAt, ...row }: Row): StoredModel => ({ ...row, registeredAtMs: Date.parse(registeredAt) })

export function modelStore(database: Database): ModelStore {
  return {
    register: (model, artefact, act) =>
      database.transaction(async (tx) => {
        const { name, version, kind, sha256, card, registeredAtMs, registeredBy } = model
        const added = await tx.query(
          `insert into analysis.model (name, version, kind, sha256, card, artefact, registered_at, registered_by)
           values ($1, $2, $3, $4, $5, $6, $7::timestamptz, $8) on conflict do nothing returning name`,
          [name, version, kind, sha256, card, artefact, new Date(registeredAtMs).toISOString(), registeredBy],
        )
        if (added.length === 0) return refuseAnother(tx, model)
        await writeAudit(tx, {
          ...act,
          action: 'model.registered',
          object: `model ${name}`,
          detail: { version, sha256 },
        })
        return true
      }),
    async list(name) {
      const rows = await database.query<Row>(
        `select ${columns} from analysis.model where $1 = '' or name = $1 order by name, registered_at desc, version desc`,
        [name],
      )
      return rows.map(modelOf)
    },
    async find(name, version) {
      const [row] = await database.query<Row & { artefact: string }>(
        `select ${columns}, artefact from analysis.model where name = $1 and version = $2`,
        [name, version],
      )
      if (row === undefined) return undefined
      const { artefact, ...rest } = row
      return { model: modelOf(rest), artefact }
    },
    async rollouts() {
      const rows = await database.query<{ name: string; rollout: string }>(
        'select name, rollout from analysis.model_rollout',
      )
      return new Map(rows.map(({ name, rollout }) => [name, JSON.parse(rollout) as Rollout]))
    },
    change: (name, change, { action, ...act }) =>
      database.transaction(async (tx) => {
        await tx.query(`insert into analysis.model_rollout (name, rollout) values ($1, '{}') on conflict do nothing`, [
          name,
        ])
        const [row] = await tx.query<{ rollout: string }>(
          'select rollout from analysis.model_rollout where name = $1 for update',
          [name],
        )
        const before = JSON.parse(row!.rollout) as Rollout
        const after = change(before)
        await tx.query('update analysis.model_rollout set rollout = $2 where name = $1', [name, JSON.stringify(after)])
        await writeAudit(tx, { ...act, action, object: `model ${name}`, detail: { before, after } })
        return after
      }),
    async record(vehicleIds, sinceMs) {
      const [row] = await database.query<{ alerts: number; unconfirmed: number }>(
        `select count(*) as alerts,
           count(*) filter (where status = 'ended' and outcome <> 'repaired') as unconfirmed
         from analysis.alert where vehicle_id = any($1::text[]) and told_at >= $2::timestamptz`,
        [[...vehicleIds], new Date(sinceMs).toISOString()],
      )
      return { vehicles: vehicleIds.size, alerts: row!.alerts, unconfirmed: row!.unconfirmed }
    },
    async vehicleIds() {
      const rows = await database.query<{ id: string }>('select vehicle_id as id from analysis.vehicle_state')
      return rows.map(({ id }) => id)
    },
  }
}

async function refuseAnother(tx: Sql, { name, version, sha256 }: StoredModel): Promise<false> {
  const [known] = await tx.query<{ sha256: string }>(
    'select sha256 from analysis.model where name = $1 and version = $2',
    [name, version],
  )
  if (known?.sha256 === sha256) return false
  throw new Terminal('MODEL_EXISTS', `another artefact is registered as ${name} ${version}`, {
    hint: 'a version is never changed: train again, which gives a new one',
  })
}
