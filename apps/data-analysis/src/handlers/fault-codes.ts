import type { analysis } from '@pitcrew/contracts'
import { isFaultCode } from '@pitcrew/signals'
import { currentFindings, faultCodes } from '../domain/index.ts'
import { nodeMessage } from '../messages/diagnosis.ts'
import { alertOfTask } from './alert-of-task.ts'
import type { CaseFiles } from './ports.ts'

/** Task diagnosis.fault-codes: those active when the alert was raised; a later pass adds those that have come since. */
export function faultCodesTask(files: Pick<CaseFiles, 'alert' | 'state'>) {
  return async (request: analysis.DiagnoseRequest): Promise<analysis.DiagnoseResponse> => {
    const { alert, snapshot } = await alertOfTask(files, request)
    const now = request.iteration > 1 ? await files.state(alert.vehicleId) : undefined
    const reports = snapshot.reportsCodes || now?.reportsCodes === true
    const codes = new Set([...snapshot.codes, ...Object.keys(now?.state.codes ?? {})])
    const pending = [...snapshot.findings, ...(now ? currentFindings(now.state) : [])]
      .filter(({ detector, feature }) => detector === 'code-progress' && isFaultCode(feature))
      .map(({ feature }) => feature)
    return nodeMessage(faultCodes({ system: snapshot.system, codes: reports ? [...codes] : undefined, pending }))
  }
}
