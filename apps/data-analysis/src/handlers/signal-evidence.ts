import type { analysis } from '@pitcrew/contracts'
import { currentFindings, signalEvidence } from '../domain/index.ts'
import { nodeMessage } from '../messages/diagnosis.ts'
import { alertOfTask } from './alert-of-task.ts'
import type { CaseFiles } from './ports.ts'

/** Task diagnosis.signal-evidence: what spoke when the alert was raised; a later pass adds what has spoken since. */
export function signalEvidenceTask(files: Pick<CaseFiles, 'alert' | 'state'>) {
  return async (request: analysis.DiagnoseRequest): Promise<analysis.DiagnoseResponse> => {
    const { alert, snapshot } = await alertOfTask(files, request)
    const { system } = snapshot
    const now = request.iteration > 1 ? (await files.state(alert.vehicleId))?.state : undefined
    const since = now === undefined ? [] : currentFindings(now).filter((finding) => finding.system === system)
    const result = signalEvidence({
      system,
      findings: [...snapshot.findings, ...since],
      observedSignals: [...snapshot.observedSignals, ...Object.keys(now?.signals ?? {})],
    })
    return nodeMessage(result)
  }
}
