import type { analysis } from '@pitcrew/contracts'
import { vehicleHistory } from '../domain/index.ts'
import { nodeMessage } from '../messages/diagnosis.ts'
import { alertOfTask } from './alert-of-task.ts'
import { lookBackMs } from './look-back.ts'
import type { CaseFiles } from './ports.ts'

/** Task diagnosis.vehicle-history: what was mended and feared before; each pass looks further back. */
export function vehicleHistoryTask(files: Pick<CaseFiles, 'alert' | 'history'>, now: () => number) {
  return async (request: analysis.DiagnoseRequest): Promise<analysis.DiagnoseResponse> => {
    const { alert, snapshot } = await alertOfTask(files, request)
    const nowMs = now()
    const events = await files.history(alert.vehicleId, alert.alertId, lookBackMs(request.iteration, nowMs))
    return nodeMessage(vehicleHistory({ system: snapshot.system, nowMs, events }))
  }
}
