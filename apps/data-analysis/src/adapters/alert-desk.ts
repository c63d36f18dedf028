import { analysis } from '@pitcrew/contracts'
import type { Database, Sql } from '@pitcrew/database'
import type { AlertDesk, AlertSearch, AlertStatus, ListedAlert } from '../handlers/alerting/ports.ts'
import { readAudit, writeAudit } from './audit.ts'

interface Row {
  content: string
  status: AlertStatus
  outcome: string
  at: string | null
  subject: string | null
  note: string | null
}

const select = `select content, status, outcome, ack.at, ack.subject, ack.note
  from analysis.alert left join analysis.acknowledgement ack using (alert_id)`

export function alertDesk(database: Database): AlertDesk {
  return {
    find: async ({ vehicleId, statuses, limit }: AlertSearch) => {
      const rows = await database.query<Row>(
        `${select} where ($1 = '' or vehicle_id = $1) and ($2::text[] = '{}' or status = any($2::text[]))
         order by raised_at desc, alert_id limit $3`,
        [vehicleId, [...statuses], limit],
      )
      return rows.map(listed)
    },
    acknowledge: (alertId, { subject, reason, atMs }) =>
      database.transaction(async (tx) => {
        const before = await one(tx, alertId)
        if (before === undefined || before.acknowledged) return before
        await tx.query(
          `insert into analysis.acknowledgement (alert_id, at, subject, note) values ($1, $2::timestamptz, $3, $4)
           on conflict do nothing`,
          [alertId, new Date(atMs).toISOString(), subject, reason],
        )
        const object = `alert ${alertId}`
        await writeAudit(tx, { subject, reason, atMs, action: 'alert.acknowledged', object, detail: {} })
        return one(tx, alertId)
      }),
    audit: (object, limit) => readAudit(database, object, limit),
  }
}

async function one(tx: Sql, alertId: string): Promise<ListedAlert | undefined> {
  const [row] = await tx.query<Row>(`${select} where alert_id = $1`, [alertId])
  return row && listed(row)
}

function listed({ content, status, outcome, at, subject, note }: Row): ListedAlert {
  const alert = analysis.Alert.fromJSON(JSON.parse(content))
  if (at === null || subject === null) return { alert, status, outcome }
  return { alert, status, outcome, acknowledged: { atMs: Date.parse(at), subject, note: note ?? '' } }
}
