import { events, type manufacturing, type vehicle } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import { enqueue } from '@pitcrew/outbox'
import { opensOrJoins } from '../domain/capa-rule.ts'
import type { Failure } from '../domain/failure.ts'
import { capaReport, joinOrOpen } from './capa-store.ts'
import { ensureVehicle } from './exposure.ts'
import { failureFrom, type FailureRow } from './rows.ts'

/** Exactly once per case: a second call changes nothing and gives the first one's answer. */
export async function recordFailure(
  database: Database,
  failure: Failure,
  subject: vehicle.Vehicle,
): Promise<manufacturing.RecordFailureResponse> {
  const { record, verdict } = failure
  const at = record.at!
  return database.transaction(async (tx) => {
    await ensureVehicle(tx, subject, at)
    if (!(await insertFailure(tx, failure))) return earlierAnswer(tx, record.caseId)
    if (!opensOrJoins(verdict)) return { failureId: record.failureId, capaId: '', capaOpened: false }
    const { capaId, opened } = await joinOrOpen(tx, record, at)
    await tx.query('update manufacturing.failure set capa_id = $2, capa_opened = $3 where case_id = $1', [
      record.caseId,
      capaId,
      opened,
    ])
    if (opened) {
      const message = { capa: await capaReport(tx, capaId, at) }
      await enqueue(tx, 'manufacturing', {
        event: events.capaOpened,
        key: capaId,
        id: `capa-opened:${capaId}`,
        message,
      })
    }
    return { failureId: record.failureId, capaId, capaOpened: opened }
  })
}

async function insertFailure(tx: Sql, { record, verdict }: Failure): Promise<boolean> {
  const rows = await tx.query(
    `insert into manufacturing.failure (case_id, failure_id, vehicle_id, model, build_month, plant, system, component,
       failure_mode, predicted_failure_mode, odometer_km, months_in_service, repaired, rating, verdict, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::timestamptz)
     on conflict (case_id) do nothing returning case_id`,
    [
      record.caseId,
      record.failureId,
      record.vehicleId,
      record.model,
      record.buildMonth,
      record.plant,
      record.system,
      record.component,
      record.failureMode,
      record.predictedFailureMode,
      record.odometerKm,
      record.monthsInService,
      record.repaired,
      record.rating,
      verdict,
      record.at,
    ],
  )
  return rows.length === 1
}

async function earlierAnswer(tx: Sql, caseId: string): Promise<manufacturing.RecordFailureResponse> {
  const [row] = await tx.query<{ failure_id: string; capa_id: string | null; capa_opened: boolean }>(
    'select failure_id, capa_id, capa_opened from manufacturing.failure where case_id = $1',
    [caseId],
  )
  return { failureId: row!.failure_id, capaId: row!.capa_id ?? '', capaOpened: row!.capa_opened }
}

/** Latest first. */
export async function listFailures(sql: Sql, limit: number): Promise<manufacturing.FailureRecord[]> {
  const rows = await sql.query<FailureRow>('select * from manufacturing.failure order by at desc, case_id limit $1', [
    limit,
  ])
  return rows.map(failureFrom)
}
