/**
 * What the holders of partitions know of their vehicles.
 * 1. A state, the alerts that follow from it and their events are written in one transaction.
 * 2. That transaction locks the partition's epoch first: after another instance has claimed the partition, it fails.
 */
import type { Database, Sql } from '@pitcrew/database'
import { Cancelled, Retryable, toFailure } from '@pitcrew/errors'
import type { Logger } from '@pitcrew/observability'
import { createVehicleState, fromJSON, type VehicleState } from '../domain/index.ts'
import type { Advance, Settlement, StateStore, WatchedVehicle } from '../handlers/ports.ts'
import { storeAlertChange } from './alert-rows.ts'

export interface StateRow {
  vehicle_id: string
  last_sequence: number
  reports_codes: boolean
  state: string
}

export function stateStore(database: Database, logger: Logger): StateStore {
  return {
    async claim(partition, epoch) {
      const claimed = await database.query(
        `insert into analysis.partition as p (partition, epoch) values ($1, $2)
         on conflict (partition) do update set epoch = excluded.epoch where p.epoch <= excluded.epoch
         returning partition`,
        [partition, epoch],
      )
      if (claimed.length > 0) return
      throw new Retryable('STALE_EPOCH', `partition ${partition} has been claimed in a later epoch than ${epoch}`, {
        hint: 'another instance holds it; after the broker lost its leases, epochs catch up by themselves',
      })
    },
    async load(vehicleIds) {
      const rows = await database.query<StateRow>(
        'select vehicle_id, last_sequence, reports_codes, state from analysis.vehicle_state where vehicle_id = any($1::text[])',
        [vehicleIds],
      )
      return new Map(rows.map((row) => [row.vehicle_id, watchedOf(row, logger)]))
    },
    async settlements(partition) {
      const rows = await database.query<Omit<Settlement, 'repairedAtMs'> & { at: string | null }>(
        `select position, s.vehicle_id as "vehicleId", s.system, alert_id as "alertId", repaired, component, at
         from analysis.settlement s left join analysis.repair on case_id = alert_id
         where partition = $1 order by position limit 500`,
        [partition],
      )
      return rows.map(({ at, ...row }) => ({ ...row, repairedAtMs: at === null ? null : Date.parse(at) }))
    },
    async advance(advance) {
      await database.transaction(async (tx) => {
        await holdEpoch(tx, advance)
        await storeStates(tx, advance)
        for (const change of advance.alerts) await storeAlertChange(tx, advance.partition, change)
        if (advance.settled.length > 0)
          await tx.query('delete from analysis.settlement where position = any($1::bigint[])', [advance.settled])
      })
    },
  }
}

export function watchedOf(row: StateRow, logger: Logger): WatchedVehicle {
  return { state: stateOf(row, logger), sequence: row.last_sequence, reportsCodes: row.reports_codes }
}

/** Levels of another layout cannot be read; the vehicle's are learned again within minutes of driving. */
function stateOf({ vehicle_id, state }: StateRow, logger: Logger): VehicleState {
  try {
    return fromJSON(JSON.parse(state))
  } catch (thrown) {
    const { code, message } = toFailure(thrown)
    if (code !== 'STATE_INVALID') throw thrown
    logger.warn('a vehicle is learned anew', { vehicle: vehicle_id, code, reason: message })
    return createVehicleState(vehicle_id)
  }
}

/** A claim waits for this lock, and what comes after the claim no longer finds its epoch. */
async function holdEpoch(tx: Sql, { partition, epoch }: Advance): Promise<void> {
  const held = await tx.query('select 1 from analysis.partition where partition = $1 and epoch = $2 for share', [
    partition,
    epoch,
  ])
  if (held.length === 0)
    throw new Cancelled('FENCED', `another instance has claimed partition ${partition} since epoch ${epoch}`)
}

async function storeStates(tx: Sql, { partition, vehicles }: Advance): Promise<void> {
  if (vehicles.length === 0) return
  await tx.query(
    `insert into analysis.vehicle_state (vehicle_id, partition, last_sequence, reports_codes, state)
     select id, $1, sequence, codes, state
       from unnest($2::text[], $3::bigint[], $4::boolean[], $5::text[]) as given (id, sequence, codes, state)
     on conflict (vehicle_id) do update set partition = excluded.partition, last_sequence = excluded.last_sequence,
       reports_codes = excluded.reports_codes, state = excluded.state, changed_at = now()`,
    [
      partition,
      vehicles.map(({ state }) => state.vehicleId),
      vehicles.map(({ sequence }) => sequence),
      vehicles.map(({ reportsCodes }) => reportsCodes),
      vehicles.map(({ state }) => JSON.stringify(state)),
    ],
  )
}
