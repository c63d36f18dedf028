/** What became of cases. A case has the id of the alert that opened it. Told twice, nothing happens the second time. */
import type { Database, Sql } from '@pitcrew/database'
import type { CaseLedger, Repair } from '../handlers/ports.ts'

export function caseLedger(database: Database): CaseLedger {
  return {
    ended: ({ caseId, outcome }) =>
      database.transaction(async (tx) => {
        if (await endAlert(tx, caseId, outcome)) await settle(tx, caseId, false)
        return exists(tx, caseId)
      }),
    repaired: (repair) =>
      database.transaction(async (tx) => {
        if (await recordRepair(tx, repair)) {
          await endAlert(tx, repair.caseId, 'repaired')
          await settle(tx, repair.caseId, true)
        }
        return exists(tx, repair.caseId)
      }),
  }
}

/** False when it had ended before; the last word on the outcome is kept. */
async function endAlert(tx: Sql, alertId: string, outcome: string): Promise<boolean> {
  const ended = await tx.query(
    `update analysis.alert set status = 'ended', outcome = $2, changed_at = now()
     where alert_id = $1 and status <> 'ended' returning alert_id`,
    [alertId, outcome],
  )
  if (ended.length > 0) return true
  await tx.query(`update analysis.alert set outcome = $2 where alert_id = $1 and outcome <> $2`, [alertId, outcome])
  return false
}

async function recordRepair(tx: Sql, repair: Repair): Promise<boolean> {
  const { caseId, failureMode, component, odometerKm, at } = repair
  const recorded = await tx.query(
    `insert into analysis.repair (case_id, vehicle_id, system, failure_mode, component, odometer_km, at)
     select alert_id, vehicle_id, system, $2, $3, $4, $5::timestamptz from analysis.alert where alert_id = $1
     on conflict (case_id) do nothing returning case_id`,
    [caseId, failureMode, component, odometerKm, at],
  )
  return recorded.length > 0
}

/** For the holder of the vehicle's partition, which alone may change its state. */
async function settle(tx: Sql, alertId: string, repaired: boolean): Promise<void> {
  await tx.query(
    `insert into analysis.settlement (partition, vehicle_id, system, alert_id, repaired)
     select partition, vehicle_id, system, alert_id, $2 from analysis.alert where alert_id = $1
     on conflict (alert_id, repaired) do nothing`,
    [alertId, repaired],
  )
}

async function exists(tx: Sql, alertId: string): Promise<boolean> {
  return (await tx.query('select 1 from analysis.alert where alert_id = $1', [alertId])).length > 0
}
