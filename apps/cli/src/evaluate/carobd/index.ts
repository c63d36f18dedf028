/** `./pitcrew evaluate carobd`: false alarms on real drives, recall and lead time on degradations injected into them. */
import { judge, type Report } from '../../measure/report.ts'
import type { Evaluation } from '../evaluation.ts'
import { measureAlarms } from './false-alarms.ts'
import { readLogs } from './logs.ts'
import { alarmMetrics, recallMetrics, slowMetrics } from './metrics.ts'
import { slowRuns } from './over-drives.ts'
import { protocolOf } from './protocol.ts'
import { recallRuns, type Run } from './recall.ts'
import { alarmTable, recallTables, shortTables, slowTable } from './tables.ts'
import { anomaliesOfUnwatched } from './unwatched.ts'

const targets: Report['targets'] = {
  falseAlarmsPer100h: { cmp: '<=', want: 1 },
  falseAlarmsPer100hOneVehicle: { cmp: '<=', want: 1 },
  recallBeforeLimit: { cmp: '>=', want: 0.95 },
  recallBeforeLimitHeldOut: { cmp: '>=', want: 0.95 },
  ttfCoverage90: { cmp: '>=', want: 0.9 },
}

export const evaluateCarobd: Evaluation = async ({ dataDir, onProgress }) => {
  const logs = readLogs(dataDir)
  const alarms = measureAlarms(logs.drives, onProgress)
  const runs: Run[] = []
  for (const [name, frames] of logs.drives) {
    runs.push(...recallRuns(name, frames))
    onProgress(`${name}: ${runs.length} degradations injected so far`)
  }
  const slow = slowRuns(logs.drives)
  const metrics = {
    ...alarmMetrics(alarms),
    ...recallMetrics(runs),
    ...slowMetrics(slow),
    unwatchedAnomaliesPer100h: (100 * anomaliesOfUnwatched(logs.drives)) / alarms.newVehicles.hours,
  }
  const report = judge({ name: 'carobd', protocol: protocolOf(logs), metrics, targets })
  return {
    report,
    full: [alarmTable(alarms), ...recallTables(runs), slowTable(slow)],
    short: shortTables(alarms, runs),
  }
}
