import { analysis } from '@pitcrew/contracts'
import type { Database } from '@pitcrew/database'
import type { Logger } from '@pitcrew/observability'
import { levelsOf, type HistoryEvent, type PastFailure, type Snapshot } from '../domain/index.ts'
import type { AlertList, CaseFiles } from '../handlers/ports.ts'
import { watchedOf, type StateRow } from './state-store.ts'

/** More would not change a median, nor the vote of the nearest. */
const mostPeers = 50
const mostCases = 1_000

const since = (ms: number) => new Date(ms).toISOString()
const alertOf = ({ content }: { content: string }) => analysis.Alert.fromJSON(JSON.parse(content))

export function caseFiles(database: Database, logger: Logger): CaseFiles & AlertList {
  return {
    async alert(alertId) {
      const [row] = await database.query<{ content: string; snapshot: string }>(
        'select content, snapshot from analysis.alert where alert_id = $1',
        [alertId],
      )
      return row && { alert: alertOf(row), snapshot: JSON.parse(row.snapshot) as Snapshot }
    },
    async state(vehicleId) {
      const [row] = await database.query<StateRow>('select * from analysis.vehicle_state where vehicle_id = $1', [
        vehicleId,
      ])
      return row && watchedOf(row, logger)
    },
    async history(vehicleId, exceptAlertId, sinceMs) {
      const rows = await database.query<Omit<HistoryEvent, 'atMs'> & { at: string }>(
        `select at, system, 'repair' as kind, failure_mode as "failureMode" from analysis.repair
           where vehicle_id = $1 and at >= $3::timestamptz
         union all
         select raised_at, system, 'alert', '' from analysis.alert
           where vehicle_id = $1 and alert_id <> $2 and raised_at >= $3::timestamptz
         order by at`,
        [vehicleId, exceptAlertId, since(sinceMs)],
      )
      return rows.map(({ at, ...event }) => ({ ...event, atMs: Date.parse(at) }))
    },
    async peers(vehicleId, sinceMs) {
      const rows = await database.query<StateRow>(
        `select peer.* from analysis.vehicle_state peer
           join analysis.vehicle kin on kin.vehicle_id = peer.vehicle_id
           join analysis.vehicle own on own.model = kin.model and own.model <> ''
         where own.vehicle_id = $1 and peer.vehicle_id <> $1 and peer.changed_at >= $2::timestamptz
         order by peer.changed_at desc, peer.vehicle_id limit $3`,
        [vehicleId, since(sinceMs), mostPeers],
      )
      return rows.map((row) => ({ vehicleId: row.vehicle_id, levels: levelsOf(watchedOf(row, logger).state) }))
    },
    pastFailures: (system, sinceMs) =>
      database.query<PastFailure>(
        `select repair.system, repair.failure_mode as "failureMode", alert.features
         from analysis.repair join analysis.alert on alert.alert_id = repair.case_id
         where repair.system = $1 and repair.failure_mode <> '' and repair.at >= $2::timestamptz
         order by repair.at desc limit $3`,
        [system, since(sinceMs), mostCases],
      ),
    async openAlerts(vehicleId) {
      const rows = await database.query<{ content: string }>(
        `select content from analysis.alert where vehicle_id = $1 and status = 'open' order by raised_at, alert_id`,
        [vehicleId],
      )
      return rows.map(alertOf)
    },
  }
}
