import { analysis } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'
import { featuresOf } from '../domain/index.ts'
import type { AlertChange } from '../handlers/ports.ts'

/** The alert, and the event that tells of it, within the transaction of the state that they follow from. */
export async function storeAlertChange(tx: Sql, partition: number, change: AlertChange): Promise<void> {
  switch (change.kind) {
    case 'raised':
    case 'escalated':
      await storeAlert(tx, partition, change)
      return announce(tx, partition, change)
    case 'cleared':
      return setStatus(tx, change, 'cleared')
    case 'reopened':
      return setStatus(tx, change, 'open')
  }
}

type Told = Extract<AlertChange, { kind: 'raised' | 'escalated' }>
type Silent = Exclude<AlertChange, Told>

async function storeAlert(tx: Sql, partition: number, { alert, snapshot }: Told): Promise<void> {
  await tx.query(
    `insert into analysis.alert as a
       (alert_id, vehicle_id, partition, system, status, revision, raised_at, features, content, snapshot)
     values ($1, $2, $3, $4, 'open', $5, $6, $7::text[], $8, $9)
     on conflict (alert_id) do update set revision = excluded.revision, features = excluded.features,
       content = excluded.content, snapshot = excluded.snapshot, changed_at = now(),
       status = case when a.status = 'ended' then a.status else 'open' end
     where a.revision < excluded.revision`,
    [
      alert.alertId,
      alert.vehicleId,
      partition,
      snapshot.system,
      alert.revision,
      alert.raisedAt,
      featuresOf(snapshot),
      JSON.stringify(analysis.Alert.toJSON(alert)),
      JSON.stringify(snapshot),
    ],
  )
}

async function announce(tx: Sql, partition: number, { kind, alert, trace }: Told): Promise<void> {
  await tx.query(
    `insert into analysis.outbox (partition, event, key, message_id, content, trace) values ($1, $2, $3, $4, $5, $6)`,
    [
      partition,
      kind === 'raised' ? 'alertRaised' : 'alertEscalated',
      alert.vehicleId,
      `${alert.alertId}:${alert.revision}`,
      JSON.stringify(analysis.Alert.toJSON(alert)),
      JSON.stringify(trace),
    ],
  )
}

/** An alert whose case has ended stays ended. */
async function setStatus(tx: Sql, { alertId, revision }: Silent, status: 'open' | 'cleared'): Promise<void> {
  await tx.query(
    `update analysis.alert set status = $3, revision = $2, changed_at = now()
     where alert_id = $1 and revision < $2 and status <> 'ended'`,
    [alertId, revision, status],
  )
}
